using System.Collections.Immutable;
using System.Globalization;
using Scdn.Format;

namespace Scdn.Media.Indexing;

/// <summary>Gathers key frames from ffprobe's packet lines, such as <c>pts_time=1.2|dts_time=1.1|pos=4711|flags=K_</c>.</summary>
internal sealed class KeyFrameList(MediaInfo info, TimeSpan closest)
{
    // A key frame every 250 ms for almost three days; a file that claims more is lying. A header takes a few more (SPEC.md: 2^20).
    private const int MaxFrames = 1_000_000;
    private const long ReportEvery = 1 << 20;

    private readonly List<KeyFrame> _frames = [];
    private long _reported;

    /// <summary>Takes a line in; gives the position that was reached, now and then.</summary>
    public long? Add(ReadOnlySpan<char> line)
    {
        string? presented = null, decoded = null;
        var (position, isKey) = (-1L, false);
        foreach (var part in line.Split('|'))
        {
            var field = line[part];
            if (field.StartsWith("pts_time=")) presented = field[9..].ToString();
            else if (field.StartsWith("dts_time=")) decoded = field[9..].ToString();
            else if (field.StartsWith("pos=") && long.TryParse(field[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var at)) position = at;
            else if (field.StartsWith("flags=")) isKey = field[6..].StartsWith("K");
        }

        if (position < 0 || position >= info.Length) return null;
        if (isKey && (Seconds(presented) ?? Seconds(decoded)) is { } seconds) Add(TimeSpan.FromSeconds(seconds) - info.StartTime, position);
        if (position - _reported < ReportEvery) return null;
        return _reported = position;
    }

    /// <summary>By time; of several frames at one time the first in the file.</summary>
    public ImmutableArray<KeyFrame> ToSorted() =>
        [.. _frames.OrderBy(frame => frame.Time).ThenBy(frame => frame.Offset).DistinctBy(frame => frame.Time)];

    private void Add(TimeSpan time, long offset)
    {
        if (time < TimeSpan.Zero) time = TimeSpan.Zero;
        if (_frames.Count >= MaxFrames || (_frames is [.., var last] && time >= last.Time && time - last.Time < closest)) return;
        _frames.Add(new(time, offset));
    }

    private static double? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < TimeSpan.FromDays(365).TotalSeconds ? seconds : null;
}
