namespace Scdn.Client.Scheduling;

/// <summary>
/// Round-trip time of one server, smoothed as TCP does it (RFC 6298, section 2), and the waiting times that follow from it.
/// </summary>
internal sealed class RoundTripEstimate
{
    /// <summary>No silence shorter than this means anything: processes pause, kernels delay acknowledgements.</summary>
    public static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(250);

    /// <summary>What is waited before anything was measured; the connection has to be made as well.</summary>
    public static readonly TimeSpan FirstTimeout = TimeSpan.FromMilliseconds(1500);

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestHedge = TimeSpan.FromMilliseconds(120);
    private TimeSpan _variation;

    /// <summary>The smoothed time; null before the first measurement.</summary>
    public TimeSpan? Smoothed { get; private set; }

    /// <summary>The shortest time that was seen: the way itself, without queues.</summary>
    public TimeSpan? Shortest { get; private set; }

    /// <summary>Takes a measurement: from asking to the first byte of the answer.</summary>
    public void Measured(TimeSpan time)
    {
        if (Shortest is not { } shortest || time < shortest) Shortest = time;
        if (Smoothed is not { } smoothed)
        {
            Smoothed = time;
            _variation = time / 2;
            return;
        }

        _variation = (_variation * 0.75) + ((smoothed - time).Duration() * 0.25);
        Smoothed = (smoothed * 0.875) + (time * 0.125);
    }

    /// <summary>How long a server may say nothing before it is left, when <paramref name="transfer"/> is what its answer is expected to take.</summary>
    public TimeSpan IdleTimeout(TimeSpan transfer)
    {
        if (Smoothed is not { } smoothed) return FirstTimeout + transfer;
        var silence = Max(smoothed * 3, smoothed + (_variation * 4)) + transfer;
        return silence < ShortestTimeout ? ShortestTimeout : silence > LongestTimeout ? LongestTimeout : silence;
    }

    /// <summary>How long a server may say nothing before a second one is asked for what a reader waits for.</summary>
    public TimeSpan HedgeDelay(TimeSpan transfer) =>
        Smoothed is { } smoothed ? Max(ShortestHedge, Max(smoothed * 2, smoothed + (_variation * 2)) + transfer) : FirstTimeout / 2;

    /// <summary>How long a piece may say nothing when what was asked for after it is here already: time for its own connection to have sent again what was lost in the middle of it.</summary>
    public TimeSpan OvertakenDelay => Smoothed is { } smoothed && Shortest is { } shortest ? Max(ShortestHedge, smoothed + shortest) : FirstTimeout / 2;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
