using System.Collections.Immutable;
using Scdn.Format;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Manifests;
using Scdn.Grains.Replicas;
using Scdn.Grains.Storage;

namespace Scdn.Host.Feed;

/// <summary>Which content servers there are, which contents, and who is to hold and holds what: the store's word, kept in memory by following the feed.</summary>
internal sealed class Placements(IChangeFeed feed) : BackgroundService
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private View _view = new();

    // A snapshot is built aside, and takes the place of what was known in one step: a standby's promotion must not empty every ranking.
    private View? _snapshot;

    /// <summary>Raised after each change once all that was there at the start is known.</summary>
    public event EventHandler? Changed;

    /// <summary>Completes when all that was there at the start is known.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Content servers that are wanted.</summary>
    public IEnumerable<(ServerId Id, ContentServerState State)> Servers =>
        from server in AllServers where server.State.Expelled is null select server;

    /// <summary>All content servers that ever joined, expelled ones too.</summary>
    public IEnumerable<(ServerId Id, ContentServerState State)> AllServers => from server in _view.Servers select (server.Key, server.Value.State);

    /// <summary>All contents, withdrawn ones too.</summary>
    public IEnumerable<(ContentId Id, ManifestState State)> Contents => from content in _view.Contents select (content.Key, content.Value.State);

    public ContentServerState? FindServer(ServerId id) => _view.Servers.GetValueOrDefault(id)?.State;

    public ManifestState? FindContent(ContentId id) => _view.Contents.GetValueOrDefault(id)?.State;

    public ReplicaState? FindReplica(ServerId server, ContentId content) => _view.Replicas.GetValueOrDefault((server, content))?.State;

    /// <summary>How many contents a server holds as it should.</summary>
    public int CountServed(ServerId server) => _view.Replicas.Count(replica => replica.Key.Server == server && ReplicaGrain.Serves(replica.Value.State));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in feed.FollowAsync(from: null, stoppingToken))
        {
            if (item is FeedReset) _snapshot = new();
            if (item is FeedChange change && !(_snapshot ?? _view).TryTake(change)) continue;
            if (item is FeedCaughtUp)
            {
                if (_snapshot is { } whole) (_view, _snapshot) = (whole, null);
                _ready.TrySetResult();
            }

            if (_snapshot is null && _ready.Task.IsCompleted) Changed?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>What there is.</summary>
    private sealed class View
    {
        private ImmutableDictionary<ServerId, Versioned<ContentServerState>> _servers = [];
        private ImmutableDictionary<ContentId, Versioned<ManifestState>> _contents = [];
        private ImmutableDictionary<(ServerId Server, ContentId Content), Versioned<ReplicaState>> _replicas = [];

        public ImmutableDictionary<ServerId, Versioned<ContentServerState>> Servers => _servers;

        public ImmutableDictionary<ContentId, Versioned<ManifestState>> Contents => _contents;

        public ImmutableDictionary<(ServerId Server, ContentId Content), Versioned<ReplicaState>> Replicas => _replicas;

        /// <summary>False when the change is of no concern here.</summary>
        public bool TryTake(FeedChange change)
        {
            if (change.As<ReplicaState>() is { } replica) return TryPut(ref _replicas, (replica.Server, replica.Content), change.Version, replica);
            if (change.As<ManifestState>() is { } content) return ContentId.TryParse(change.Id, out var id) && TryPut(ref _contents, id, change.Version, content);
            return change.As<ContentServerState>() is { } server && ServerId.TryParse(change.Id, out var serverId) && TryPut(ref _servers, serverId, change.Version, server);
        }

        private static bool TryPut<TKey, TState>(ref ImmutableDictionary<TKey, Versioned<TState>> all, TKey key, long version, TState state)
            where TKey : notnull
        {
            if (all.TryGetValue(key, out var known) && known.Version >= version) return false;
            all = all.SetItem(key, new(version, state));
            return true;
        }
    }

    private sealed record Versioned<TState>(long Version, TState State);
}
