using System.Text.Json;

namespace Scdn.Grains.Storage;

/// <summary>Every change of every grain, in an order that holds for each grain by its version. Followers keep their own position.</summary>
public interface IChangeFeed
{
    /// <summary>Whether what followers were told is about what is so: false while the store has not answered for some seconds.</summary>
    bool IsCurrent { get; }

    /// <summary>
    /// Follows the feed until cancelled. From a position of the feed's present epoch that was not pruned, goes on after it; from anything else (or null)
    /// starts with a <see cref="FeedReset"/>, the present state of every grain as changes, and a <see cref="FeedCaughtUp"/>.
    /// </summary>
    IAsyncEnumerable<FeedItem> FollowAsync(FeedPosition? from, CancellationToken cancel);
}

/// <summary>A place in the feed.</summary>
/// <param name="Epoch">Changes when the store was restored or a standby promoted: positions of another epoch mean nothing.</param>
/// <param name="Sequence">The last row seen.</param>
public readonly record struct FeedPosition(Guid Epoch, long Sequence);

/// <summary>What a follower is told.</summary>
public abstract record FeedItem;

/// <summary>Forget what you knew: a snapshot follows.</summary>
public sealed record FeedReset : FeedItem;

/// <summary>All that was there at the start has been told; what follows happens now. Repeated at least every few seconds while nothing happens.</summary>
/// <param name="Position">Where to go on from.</param>
public sealed record FeedCaughtUp(FeedPosition Position) : FeedItem;

/// <summary>A grain has a new state. A version not greater than the last one seen of that grain is stale and to be ignored.</summary>
/// <param name="Position">Where to go on from once this is dealt with; null inside a snapshot.</param>
/// <param name="Kind">The grain's kind (<see cref="IGrainState{TSelf}.Kind"/>).</param>
/// <param name="Id">Its key.</param>
/// <param name="Version">Its version.</param>
/// <param name="At">When it was saved.</param>
/// <param name="State">Its state as JSON.</param>
public sealed record FeedChange(FeedPosition? Position, string Kind, string Id, long Version, DateTimeOffset At, JsonElement State) : FeedItem
{
    /// <summary>The state when the change is of that kind, else null.</summary>
    public TState? As<TState>()
        where TState : class, IGrainState<TState> => Kind == TState.Kind ? State.Deserialize(TState.Json) : null;
}
