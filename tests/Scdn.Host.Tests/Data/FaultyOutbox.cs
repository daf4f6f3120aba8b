using Scdn.Grains.Storage;
using Scdn.Host.Data;

namespace Scdn.Host.Tests.Data;

/// <summary>An outbox whose store can't be reached while a test says so.</summary>
internal sealed class FaultyOutbox(IOutbox outbox) : IOutbox
{
    private volatile bool _fails;
    private volatile int _prunings;

    public bool Fails
    {
        get => _fails;
        set => _fails = value;
    }

    public int PruningsThatFailed => _prunings;

    public Task<FeedPosition> EndAsync(CancellationToken cancel) => _fails ? throw Away() : outbox.EndAsync(cancel);

    public Task<bool> KnowsAsync(FeedPosition position, CancellationToken cancel) => _fails ? throw Away() : outbox.KnowsAsync(position, cancel);

    public Task<IReadOnlyList<FeedChange>?> ReadAfterAsync(FeedPosition position, CancellationToken cancel) => _fails ? throw Away() : outbox.ReadAfterAsync(position, cancel);

    public Task<IReadOnlyList<FeedChange>> ReadGrainsAsync(string afterKind, string afterId, CancellationToken cancel) => _fails ? throw Away() : outbox.ReadGrainsAsync(afterKind, afterId, cancel);

    public Task PruneAsync(int keep, DateTimeOffset oldest, CancellationToken cancel)
    {
        if (!_fails) return outbox.PruneAsync(keep, oldest, cancel);
        _prunings++;
        throw Away();
    }

    public Task ChangedAsync(CancellationToken cancel) => outbox.ChangedAsync(cancel);

    private static StoreException Away() => new("The store is away.", isTransient: true);
}
