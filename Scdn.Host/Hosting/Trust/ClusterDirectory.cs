using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Format;
using Scdn.Grains.ContentServers;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.SigningKeys;
using Scdn.Grains.Storage;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Who belongs to the cluster, kept in memory by following the change feed: hosts by their keys, and the keys that control hosts sign with.</summary>
internal sealed class ClusterDirectory(IGrainStore store, IChangeFeed feed, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan ListEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Servers that join together need not wait for each other.</summary>
    private const int ListAtOnce = 10;

    private readonly long _began = time.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private View _view = new();
    private Task? _listing;
    private TimeSpan _due;

    // A snapshot is built aside, and takes the place of what was known in one step: a standby's promotion must not make strangers of everybody.
    private View? _snapshot;

    /// <summary>All control hosts by name, primary gateway first, then secondaries, then the rest.</summary>
    public IReadOnlyList<(string Name, ControlHostState State)> ControlHosts =>
        [.. _view.Hosts.Where(host => host.Value.State.Removed is null).Select(host => (host.Key, host.Value.State)).OrderBy(host => Rank(host.State.Gateway)).ThenBy(host => host.Key, StringComparer.Ordinal)];

    /// <summary>The host that is registered with a key; null when there is none.</summary>
    public async Task<HostCaller?> FindHostAsync(string thumbprint, CancellationToken cancel)
    {
        if (FindHost(thumbprint) is { } known) return known;
        // It may have joined just now, ahead of the feed.
        await ListSoonAsync().WaitAsync(cancel);
        return FindHost(thumbprint);
    }

    /// <summary>The content server that had joined with a key and was expelled since; null when there is none.</summary>
    public ContentServerState? FindExpelled(string thumbprint) =>
        _view.Servers.Values.FirstOrDefault(server => server.State.Expelled is not null && server.Thumbprint == thumbprint)?.State;

    /// <summary>As which control host one with a key was known that was removed since; null when there is none.</summary>
    public string? FindRemoved(string thumbprint) => _view.RemovedHosts.GetValueOrDefault(thumbprint);

    /// <summary>Whether a content server was expelled.</summary>
    public bool IsExpelled(ServerId server) => _view.Servers.TryGetValue(ContentServerState.IdOf(server), out var known) && known.State.Expelled is not null;

    /// <summary>The public keys that control hosts sign with, or whose signatures are still accepted, as JWKs.</summary>
    public IReadOnlyList<JsonElement> SigningKeys => [.. _view.SigningKeys.Values.Where(IsAccepted).Select(key => key.State.PublicKey)];

    /// <summary>The public key that a control host signs with, by its key id; null when there is none, or it was retired for too long.</summary>
    public ECDsa? FindSigningKey(string keyId) => _view.SigningKeys.TryGetValue(keyId, out var key) && IsAccepted(key) ? key.Key : null;

    /// <summary>Returns once everything that was there is known, so that a host that says it is ready can tell friend from stranger.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(_caughtUp.Task, ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in feed.FollowAsync(from: null, stoppingToken))
        {
            switch (item)
            {
                case FeedReset:
                    _snapshot = new();
                    break;
                case FeedChange change:
                    (_snapshot ?? _view).Take(change);
                    break;
                case FeedCaughtUp:
                    if (_snapshot is { } whole) (_view, _snapshot) = (whole, null);
                    _caughtUp.TrySetResult();
                    break;
            }
        }
    }

    /// <summary>Takes all hosts from the store, which begins after it was asked for. Anybody can show a key that nobody knows: however many ask, it is done once for all of them, and no more often than a few times a second.</summary>
    private Task ListSoonAsync()
    {
        lock (_gate) return _listing ??= ListAsync();
    }

    private async Task ListAsync()
    {
        // Leaves the lock, so that what is next is noted before it begins.
        await Task.Yield();
        var now = time.GetElapsedTime(_began);
        _due = (_due > now ? _due : now) + ListEvery;
        if (_due - now - (ListAtOnce * ListEvery) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, time);
        lock (_gate) _listing = null;
        await foreach (var stored in store.ListAllAsync<ContentServerState>(CancellationToken.None)) _view.Take(stored.Id, stored.Version, stored.State);
        await foreach (var stored in store.ListAllAsync<ControlHostState>(CancellationToken.None)) _view.Take(stored.Id, stored.Version, stored.State);
    }

    private static int Rank(GatewayRank rank) => rank switch { GatewayRank.Primary => 0, GatewayRank.Secondary => 1, _ => 2 };

    private bool IsAccepted(SigningKey key) => SigningKeyGrain.AcceptedUntil(key.State) is not { } until || time.GetUtcNow() < until;

    private HostCaller? FindHost(string thumbprint)
    {
        if (FindRemoved(thumbprint) is not null) return null;
        var server = _view.Servers.FirstOrDefault(server => server.Value.State.Expelled is null && server.Value.Thumbprint == thumbprint).Key;
        var host = _view.Hosts.FirstOrDefault(host => host.Value.Thumbprint == thumbprint).Key;
        return server is null && host is null ? null : new HostCaller(thumbprint, ServerId.TryParse(server, out var id) ? id : null, host);
    }

    /// <summary>Who there is.</summary>
    private sealed class View
    {
        private ImmutableDictionary<string, Versioned<ContentServerState>> _servers = [];
        private ImmutableDictionary<string, Versioned<ControlHostState>> _hosts = [];
        private ImmutableDictionary<string, string> _removedHosts = [];
        private ImmutableDictionary<string, SigningKey> _signingKeys = [];

        public ImmutableDictionary<string, Versioned<ContentServerState>> Servers => _servers;

        public ImmutableDictionary<string, Versioned<ControlHostState>> Hosts => _hosts;

        /// <summary>Names by the thumbprints of keys that are refused for good: none of them ever goes.</summary>
        public ImmutableDictionary<string, string> RemovedHosts => _removedHosts;

        public ImmutableDictionary<string, SigningKey> SigningKeys => _signingKeys;

        private static string? ThumbprintOf(JsonElement publicKey) => publicKey.Deserialize<JsonWebKey>()?.Thumbprint();

        public void Take(FeedChange change)
        {
            if (change.As<ContentServerState>() is { } server) Take(change.Id, change.Version, server);
            else if (change.As<ControlHostState>() is { } host) Take(change.Id, change.Version, host);
            else if (change.As<SigningKeyState>() is { } key) Take(change.Id, change.Version, key);
        }

        public void Take(string id, long version, ContentServerState server) =>
            Put(ref _servers, id, new(version, server, ThumbprintOf(server.PublicKey)));

        public void Take(string name, long version, ControlHostState host)
        {
            Put(ref _hosts, name, new(version, host, ThumbprintOf(host.PublicKey)));
            foreach (var key in host.RemovedKeys ?? [])
            {
                if (ThumbprintOf(key) is { } removed) ImmutableInterlocked.TryAdd(ref _removedHosts, removed, name);
            }
        }

        private static void Put<TState>(ref ImmutableDictionary<string, Versioned<TState>> all, string id, Versioned<TState> fresh) =>
            ImmutableInterlocked.AddOrUpdate(ref all, id, fresh, (_, old) => old.Version >= fresh.Version ? old : fresh);

        public void Take(string keyId, long version, SigningKeyState state)
        {
            // The key itself never changes, only its standing.
            var known = _signingKeys.GetValueOrDefault(keyId);
            if (known is not null && known.Version >= version) return;
            if (known?.Key is { } key || (state.PublicKey.Deserialize<JsonWebKey>() is { } jwk && jwk.TryToSigningKey(out key))) _signingKeys = _signingKeys.SetItem(keyId, new(version, state, key));
        }
    }

    private sealed record SigningKey(long Version, SigningKeyState State, ECDsa Key);

    private sealed record Versioned<TState>(long Version, TState State, string? Thumbprint);
}
