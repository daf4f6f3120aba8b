namespace Scdn.Format;

/// <summary>
/// Translates play time into places of the original: along the key-frame index where there is one, else by the mean bit rate. An estimate, good
/// enough to say how far ahead to fetch. Without a known duration and without key frames nothing can be said, and every answer is the whole.
/// </summary>
public sealed class PlayTimeMap
{
    /// <summary>A demuxer reads on from what its container says before a packet, not from the packet's first byte.</summary>
    private const long FramingBytes = 4 * 1024;

    private const long MostFirstBytes = 2 * 1024 * 1024;

    private readonly Point[] _points;
    private readonly SeekIndex _index;

    /// <summary>Reads what the manifest knows.</summary>
    public PlayTimeMap(Manifest manifest)
    {
        Length = manifest.Length;
        Duration = manifest.Duration;
        var points = new List<Point> { new(TimeSpan.Zero, 0, 0) };
        foreach (var frame in manifest.KeyFrames)
        {
            var end = frame.Ranges is [var first, ..] && first.Offset <= frame.Offset ? Math.Max(first.End, frame.Offset) : frame.Offset;
            if (frame.Time <= TimeSpan.Zero) points[0] = new(TimeSpan.Zero, 0, end);
            // A step back in the file (a container that isn't interleaved) is no place to count from.
            else if (frame.Time > points[^1].Time && frame.Offset > points[^1].Offset) points.Add(new(frame.Time, frame.Offset, end));
        }

        if (Duration > points[^1].Time && Length > points[^1].Offset) points.Add(new(Duration, Length, Length));
        _points = [.. points];
        _index = SeekIndex.Of(manifest);
    }

    /// <summary>Bytes of the original.</summary>
    public long Length { get; }

    /// <summary>Its playing time; zero when it is not known.</summary>
    public TimeSpan Duration { get; }

    /// <summary>About how far the original is read when a player shows what belongs to <paramref name="time"/>.</summary>
    public long OffsetAt(TimeSpan time)
    {
        if (_points.Length < 2) return Length;
        if (time <= TimeSpan.Zero) return 0;
        var next = Array.FindIndex(_points, point => point.Time > time);
        // Beyond the last point the last known rate goes on.
        var after = next < 0 ? _points.Length - 1 : next;
        var (from, to) = (_points[after - 1], _points[after]);
        // A key frame is many times as large as those that follow it, and all of it is read to show it.
        var begin = Math.Min(from.End, to.Offset);
        var bytesPerTick = (double)(to.Offset - begin) / (to.Time - from.Time).Ticks;
        return Math.Min(Length, begin + (long)(bytesPerTick * (time - from.Time).Ticks));
    }

    /// <summary>About when a player that plays from the beginning reads this byte of the original: the inverse of <see cref="OffsetAt"/>. The beginning, where nothing can be said.</summary>
    public TimeSpan TimeAt(long offset)
    {
        var last = 0;
        for (var (low, high) = (1, _points.Length - 1); low <= high;)
        {
            var middle = (low + high) / 2;
            if (_points[middle].Offset <= offset) (last, low) = (middle, middle + 1);
            else high = middle - 1;
        }

        var from = _points[last];
        if (last == _points.Length - 1 || offset < from.End) return from.Time;
        var to = _points[last + 1];
        var begin = Math.Min(from.End, to.Offset);
        return to.Offset <= begin ? to.Time : from.Time + ((to.Time - from.Time) * ((double)(offset - begin) / (to.Offset - begin)));
    }

    /// <summary>The bytes that a player reads first when it seeks to <paramref name="time"/>: what the last key frame at or before it needs, and <paramref name="span"/> of play on.</summary>
    public ByteRange SeekRange(TimeSpan time, TimeSpan span)
    {
        var needed = _index.Before(time) is not { } key ? new(_points.Length < 2 ? 0 : OffsetAt(time), 0) : key.Ranges is [var first, ..] ? first : new ByteRange(key.Offset, 0);
        var end = _points.Length < 2 ? needed.End : Math.Max(OffsetAt(time + span), needed.End);
        return new(needed.Offset, Math.Min(Length, end) - Math.Min(needed.Offset, end));
    }

    /// <summary>Where in <see cref="SeekRange"/> players begin that have their sound behind the picture, as most containers have it. What lies before is sound of an earlier place that still sounds: few ask for it.</summary>
    public long SeekStart(TimeSpan time)
    {
        var range = SeekRange(time, TimeSpan.Zero);
        return _index.Before(time) is { } key && range.Contains(key.Offset) ? Math.Max(range.Offset, key.Offset - FramingBytes) : range.Offset;
    }

    /// <summary>
    /// What is fetched at once for a player that begins at this time, beside the head: a second of play shows a picture and keeps it moving until the player itself says what is next. At least a byte, at most 2 MiB.
    /// </summary>
    public ByteRange FirstRange(TimeSpan time)
    {
        var range = SeekRange(time, TimeSpan.FromSeconds(1));
        return new(range.Offset, Math.Clamp(range.Length, 1, MostFirstBytes));
    }

    /// <summary>A time, where in the original that begins which is shown then, and where the first picture of it ends.</summary>
    private readonly record struct Point(TimeSpan Time, long Offset, long End);
}
