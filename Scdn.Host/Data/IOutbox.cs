using Scdn.Grains.Storage;

namespace Scdn.Host.Data;

/// <summary>The outbox of a store, as the feed reads and prunes it. Rows come in an order in which those of one grain have rising versions; what was read up to a position never changes.</summary>
internal interface IOutbox
{
    /// <summary>Rows, or grains, read at a time.</summary>
    const int PageSize = 512;

    /// <summary>The place behind which everything is still to come.</summary>
    Task<FeedPosition> EndAsync(CancellationToken cancel);

    /// <summary>Whether one can go on after a position: it is of the present epoch, was reached, and what follows it was not pruned.</summary>
    Task<bool> KnowsAsync(FeedPosition position, CancellationToken cancel);

    /// <summary>The next rows after a position, at most <see cref="PageSize"/>; null when it is no longer known.</summary>
    Task<IReadOnlyList<FeedChange>?> ReadAfterAsync(FeedPosition position, CancellationToken cancel);

    /// <summary>The grains as they are now, at most <see cref="PageSize"/>, that come after a given one in the order of kinds and ids.</summary>
    Task<IReadOnlyList<FeedChange>> ReadGrainsAsync(string afterKind, string afterId, CancellationToken cancel);

    /// <summary>Deletes rows beyond the newest <paramref name="keep"/> and those saved before <paramref name="oldest"/>; never the very last one.</summary>
    Task PruneAsync(int keep, DateTimeOffset oldest, CancellationToken cancel);

    /// <summary>Ends when there may be rows that were not there when it ended last. To be waited for by one at a time.</summary>
    Task ChangedAsync(CancellationToken cancel);
}
