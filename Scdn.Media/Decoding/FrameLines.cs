using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Scdn.Media.Decoding;

/// <summary>
/// Reads what FFmpeg's <c>framehash</c> muxer writes: first a few lines about each stream, such as <c>#tb 0: 1/25</c> and <c>#media_type 0: video</c>, then a line a frame:
/// stream, decoding time, presentation time, duration, size, checksum.
/// </summary>
internal sealed class FrameLines(TimeSpan startAt)
{
    private readonly Dictionary<int, double> _timeBases = [];
    private readonly Dictionary<int, MediaKind> _kinds = [];

    /// <summary>Takes a line in; true when it was a frame's. Lines that FFmpeg may add in other versions are passed over.</summary>
    public bool TryRead(string line, out DecodedFrame frame)
    {
        frame = default;
        if (line.StartsWith('#'))
        {
            ReadHeader(line);
            return false;
        }

        var cells = line.Split(',', StringSplitOptions.TrimEntries);
        if (cells.Length < 6
            || !int.TryParse(cells[0], out var stream)
            || !_timeBases.TryGetValue(stream, out var timeBase)
            || !TryTime(cells[2], timeBase, out var time)) return false;
        TryTime(cells[3], timeBase, out var duration);
        frame = new(stream, _kinds.GetValueOrDefault(stream, MediaKind.Data), startAt + time, duration, cells[5]);
        return true;
    }

    /// <summary>Whether a stream is the one that the content's times go by: the first with pictures, else the first.</summary>
    public bool IsMain(int stream) => stream == _kinds.OrderBy(kind => kind.Value).ThenBy(kind => kind.Key).Select(kind => kind.Key).FirstOrDefault();

    private static bool TryTime(string cell, double timeBase, out TimeSpan time)
    {
        time = default;
        // FFmpeg writes the smallest number for "no time".
        if (!long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ticks)) return false;
        var seconds = ticks * timeBase;
        if (Math.Abs(seconds) > TimeSpan.FromDays(365).TotalSeconds) return false;
        time = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private void ReadHeader(string line)
    {
        if (line.Split(' ') is not [var name, var number, var value, ..] || !int.TryParse(number.TrimEnd(':'), out var stream)) return;
        if (name == "#media_type") _kinds[stream] = value == "video" ? MediaKind.Video : MediaKind.Audio;
        if (name == "#tb" && TryFraction(value, out var timeBase)) _timeBases[stream] = timeBase;
    }

    private static bool TryFraction(string text, [NotNullWhen(true)] out double value)
    {
        value = 0;
        if (text.Split('/') is not [var above, var below] || !long.TryParse(above, out var numerator) || !long.TryParse(below, out var denominator) || denominator <= 0) return false;
        value = (double)numerator / denominator;
        return value > 0;
    }
}
