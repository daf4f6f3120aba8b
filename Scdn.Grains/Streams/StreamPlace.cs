namespace Scdn.Grains.Streams;

/// <summary>A place among the streams at the same time: taken when a play begins, kept while its client says that it plays on, free when it says that it ended, and for another to take when it was not heard for long enough.</summary>
public static class StreamPlace
{
    /// <summary>How often a client says that it plays on: every 20 seconds.</summary>
    public static TimeSpan KeepEvery { get; } = TimeSpan.FromSeconds(20);

    /// <summary>How long after its client was last heard another stream can take a place: a minute.</summary>
    public static TimeSpan FreeAfter { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The greatest limit: 100. Streams that are counted together are in one grain, which is read and written whole with each of them.</summary>
    public const int MaxLimit = 100;

    /// <summary>By how much the clock of the host that heard it may be ahead: a minute. A time beyond that says nothing.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <summary>Whether nobody else can take a place whose client was last heard then; null: there is none.</summary>
    public static bool IsHeld(DateTimeOffset? kept, DateTimeOffset now) => now - kept < FreeAfter && kept - now <= Ahead;

    /// <summary>Whether it was noted only just now: a client that says so too often costs nothing.</summary>
    internal static bool IsFresh(DateTimeOffset? kept, DateTimeOffset now) => now - kept < KeepEvery / 2 && kept - now <= Ahead;
}
