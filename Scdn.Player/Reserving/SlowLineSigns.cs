namespace Scdn.Player.Reserving;

/// <summary>
/// Whether a line is too slow for what is played: for a while bytes came all the time, they were waited for most of the time, and they were fewer than are played. When they stop coming, it is not the line that is slow. No clock: the time is an argument. Not thread-safe.
/// </summary>
/// <param name="neededBytesPerSecond">What is played, on average; 0: nobody knows.</param>
internal sealed class SlowLineSigns(double neededBytesPerSecond)
{
    /// <summary>So long it is looked at: as much as is read ahead may have come faster before.</summary>
    public static readonly TimeSpan While = TimeSpan.FromSeconds(12);

    /// <summary>So long nothing may come.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(2);

    private const double Most = 0.5;
    private const double Clearly = 0.95;

    private readonly Queue<(TimeSpan At, long Bytes, bool IsWaitedFor)> _seen = [];
    private TimeSpan _cameAt;
    private long _bytes;

    /// <summary>What is played, on average.</summary>
    public double NeededBytesPerSecond => neededBytesPerSecond;

    /// <summary>What came, in the last while.</summary>
    public double BytesPerSecond { get; private set; }

    /// <summary>Whether it was too slow, at any time.</summary>
    public bool IsTooSlow { get; private set; }

    /// <summary>Told several times a second how many bytes have come, and whether more are waited for.</summary>
    public void See(TimeSpan now, long bytes, bool isWaitedFor)
    {
        if (bytes != _bytes) _cameAt = now;
        _bytes = bytes;
        if (now - _cameAt > LongestGap) _seen.Clear();
        _seen.Enqueue((now, bytes, isWaitedFor));
        if (now - _seen.Peek().At < While) return;
        var first = _seen.Dequeue();
        BytesPerSecond = (bytes - first.Bytes) / (now - first.At).TotalSeconds;
        IsTooSlow |= BytesPerSecond < neededBytesPerSecond * Clearly && _seen.Count(one => one.IsWaitedFor) > _seen.Count * Most;
    }
}
