namespace Scdn.Media.Decoding;

/// <summary>
/// Gives the frames of a view their times in the content. The first frame of the main stream is the key frame that the view was opened for; what its timestamps count from does not matter.
/// </summary>
/// <param name="keyTime">When that frame is shown.</param>
/// <param name="startAt">Frames before this are dropped.</param>
internal sealed class ViewClock(TimeSpan keyTime, TimeSpan startAt)
{
    private readonly List<DecodedFrame> _early = [];
    private TimeSpan? _shift;

    /// <summary>Takes a frame in and gives those out that can be given: none before the main stream has begun.</summary>
    public IEnumerable<DecodedFrame> Place(DecodedFrame frame, bool isMain)
    {
        _early.Add(frame);
        if (isMain) _shift ??= keyTime - frame.Time;
        return _shift is { } shift ? Release(shift) : [];
    }

    /// <summary>What is left when no frame of the main stream ever came.</summary>
    public IEnumerable<DecodedFrame> End() => _early.Count == 0 ? [] : Release(keyTime - _early[0].Time);

    private List<DecodedFrame> Release(TimeSpan shift)
    {
        var placed = _early.Select(frame => frame with { Time = frame.Time + shift }).Where(frame => frame.Time >= startAt).ToList();
        _early.Clear();
        return placed;
    }
}
