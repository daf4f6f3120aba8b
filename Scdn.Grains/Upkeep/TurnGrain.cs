using Scdn.Grains.Storage;

namespace Scdn.Grains.Upkeep;

/// <summary>The rule by which control hosts take turns: whoever comes first once it is time, does it. One that ends meanwhile leaves the rest to the next turn.</summary>
public static class TurnGrain
{
    /// <summary>By how much the clock of the host that did it last may be ahead: a minute. Beyond that nobody knows when it was.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <summary>Takes the turn; refused while the last one is not that long ago.</summary>
    public static Change<TurnState> Take(TurnState? state, string host, TimeSpan interval, DateTimeOffset now) =>
        now - state?.At < interval && state?.At - now <= Ahead ? Refusal.Conflict($"Host '{state!.Host}' has done it on {state.At:u}.") : new TurnState(host, now);
}
