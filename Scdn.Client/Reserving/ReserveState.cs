namespace Scdn.Client.Reserving;

/// <summary>How far a reservation is.</summary>
/// <param name="HeldBytes">Stored bytes that are here of those that are needed to watch it to the end.</param>
/// <param name="AllBytes">Those that are needed.</param>
/// <param name="BytesPerSecond">What the line brings in the long run; null: not known yet.</param>
/// <param name="IsStopped">Whether nothing has come for 10 seconds: the time moves on with the clock until something does.</param>
/// <param name="ReadyAt">When it can be watched to the end without a stop, by this machine's clock; null: it can't be said yet.</param>
/// <param name="Wait">How long that is from now, zero once it is ready; null: it can't be said yet.</param>
public sealed record ReserveState(long HeldBytes, long AllBytes, double? BytesPerSecond, bool IsStopped, DateTimeOffset? ReadyAt, TimeSpan? Wait)
{
    /// <summary>Whether it can begin.</summary>
    public bool IsReady => Wait == TimeSpan.Zero;
}
