using Scdn.Format;

namespace Scdn.Client.Reserving;

/// <summary>
/// Which segments of a content are needed to watch it from a place to its end, and when: the head at once, and each of the others when the picture comes to the first of its bytes, which with a variable bit rate is not what its place in the file says. Where play time is not known, all of it is needed
/// at once.
/// </summary>
internal sealed class WatchPlan
{
    /// <summary>Decoders read so far ahead of what is shown.</summary>
    private static readonly TimeSpan DecoderDelay = TimeSpan.FromMilliseconds(500);

    private readonly int[] _segments;
    private readonly int[] _stored;
    private readonly double[] _neededAfter;

    /// <param name="map">Where everything is.</param>
    /// <param name="times">When what is played.</param>
    /// <param name="at">Where playing begins.</param>
    /// <param name="speed">How many times real time.</param>
    public WatchPlan(SegmentMap map, PlayTimeMap times, TimeSpan at, double speed)
    {
        var begin = at > TimeSpan.Zero ? times.SeekRange(at, TimeSpan.Zero).Offset : 0;
        HashSet<int> seen = [.. Enumerable.Range(0, map.HeadCount)];
        var needed = seen.Select(segment => (Segment: segment, After: 0.0)).ToList();
        for (var position = begin; position < map.Length;)
        {
            var run = map.Locate(position);
            if (seen.Add(run.Segment)) needed.Add((run.Segment, Math.Max(0, (times.TimeAt(position) - at - DecoderDelay).TotalSeconds / speed)));
            position += run.Length;
        }

        _segments = [.. needed.Select(one => one.Segment)];
        _stored = [.. needed.Select(one => map.StoredLength(one.Segment))];
        _neededAfter = [.. needed.Select(one => one.After)];
        AllBytes = _stored.Sum(length => (long)length);
    }

    /// <summary>Stored bytes of all that is needed.</summary>
    public long AllBytes { get; }

    /// <summary>Those of them that are here.</summary>
    /// <param name="held">Of each segment, whether it is here.</param>
    public long HeldBytes(ReadOnlySpan<bool> held)
    {
        var bytes = 0L;
        for (var place = 0; place < _segments.Length; place++) bytes += held[_segments[place]] ? _stored[place] : 0;
        return bytes;
    }

    /// <summary>How long to wait so that everything is here by the time that it is needed, when what is missing comes in the order in which it is needed.</summary>
    /// <param name="held">Of each segment, whether it is here.</param>
    /// <param name="bytesPerSecond">What the line brings.</param>
    /// <param name="bytesBehind">How far it is behind that at its worst.</param>
    public TimeSpan Wait(ReadOnlySpan<bool> held, double bytesPerSecond, double bytesBehind)
    {
        var (seconds, bytes) = (0.0, bytesBehind);
        for (var place = 0; place < _segments.Length; place++)
        {
            if (held[_segments[place]]) continue;
            bytes += _stored[place];
            seconds = Math.Max(seconds, (bytes / bytesPerSecond) - _neededAfter[place]);
        }

        return seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }

    /// <summary>The earliest start that would not have stalled for what has come since <paramref name="before"/>, as it was at <paramref name="now"/>; what came earlier needs another look.</summary>
    /// <param name="before">Of each segment, whether it was here the last time.</param>
    /// <param name="held">Whether it is here now.</param>
    /// <param name="now">When it is.</param>
    public TimeSpan EarliestStart(ReadOnlySpan<bool> before, ReadOnlySpan<bool> held, TimeSpan now)
    {
        var seconds = 0.0;
        for (var place = 0; place < _segments.Length; place++)
        {
            if (held[_segments[place]] && !before[_segments[place]]) seconds = Math.Max(seconds, now.TotalSeconds - _neededAfter[place]);
        }

        return TimeSpan.FromSeconds(seconds);
    }
}
