namespace Scdn.Host.Data;

/// <summary>What the outbox keeps for followers that come back; one that was away for longer takes a snapshot.</summary>
/// <param name="Rows">Changes at most.</param>
/// <param name="Age">For how long at most.</param>
internal sealed record FeedRetention(int Rows, TimeSpan Age)
{
    /// <summary>A hundred thousand changes (some 50 MB), a day.</summary>
    public static FeedRetention Default { get; } = new(100_000, TimeSpan.FromDays(1));
}
