namespace Scdn.Client.Reserving;

/// <summary>When a content can be watched to the end without a stop, on the line as it is. No clock: the time is an argument. Not thread-safe.</summary>
/// <param name="plan">What is needed, and when.</param>
internal sealed class ReadyTime(WatchPlan plan)
{
    /// <summary>So long a line is watched before it is believed that it won't halve: lines that jump do so every few seconds, and one that does every ten has shown both sides by then.</summary>
    public static readonly TimeSpan Watched = TimeSpan.FromSeconds(17);

    /// <summary>What is on its way over several connections comes in another order than it was asked for: what is needed next may be that much late.</summary>
    public static readonly TimeSpan OutOfOrder = TimeSpan.FromSeconds(2);

    private readonly LineTrend _line = new();

    /// <summary>Whether nothing has come for a while.</summary>
    public bool IsStopped => _line.IsStopped;

    /// <summary>What the line brings in the long run, bytes a second; null: not known yet.</summary>
    public double? BytesPerSecond => _line.Outlook()?.BytesPerSecond;

    /// <summary>Told several times a second how many bytes have come.</summary>
    public void Tell(long bytes, TimeSpan now) => _line.Tell(bytes, now);

    /// <summary>How long to wait; zero: it is ready. Null: it can't be said yet.</summary>
    /// <param name="held">Of each segment, whether it is here.</param>
    public TimeSpan? Wait(bool[] held)
    {
        if (plan.HeldBytes(held) == plan.AllBytes) return TimeSpan.Zero;
        if (_line.Outlook() is not { } line) return null;
        var (expected, careful) = (Wait(line.BytesBehind), Wait(line.BytesBehindAtWorst));
        // What is promised is what is to be expected, and it begins only when it would not stall at the line's worst either: a little later, as a rule.
        var wait = expected > careful - expected ? expected : careful;
        // While it has stopped nobody can say when it goes on: it does not begin just then.
        var least = _line.IsStopped ? TimeSpan.FromSeconds(1) : Watched - line.Watched;
        return least > wait && plan.Wait(held, line.BytesPerSecond / 2, 0) > TimeSpan.Zero ? least : wait;

        TimeSpan Wait(double bytesBehind) => plan.Wait(held, line.BytesPerSecond, bytesBehind + (line.BytesPerSecond * OutOfOrder.TotalSeconds));
    }
}
