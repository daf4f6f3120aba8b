namespace Scdn.Client.Scheduling;

/// <summary>Where somebody reads, as the scheduler sees it.</summary>
internal sealed class ReadPoint
{
    /// <summary>The next byte of the original that will be asked for.</summary>
    public long Position { get; set; }

    /// <summary>Where it began to read on without a jump.</summary>
    public long AimedAt { get; set; }

    /// <summary>Since when the reader waits for that byte; null when it does not.</summary>
    public TimeSpan? WaitingSince { get; set; }

    /// <summary>Rises with each aim; players abandon old requests for new ones, so the latest comes first.</summary>
    public long Order { get; set; }

    /// <summary>No byte is missing from <see cref="Position"/> up to here; moved on lazily.</summary>
    public long HeldUntil { get; set; }
}
