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
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableDictionary<string, Versioned<ContentServerState>> _servers = [];
    private ImmutableDictionary<string, Versioned<ControlHostState>> _hosts = [];
    private ImmutableDictionary<string, SigningKey> _signingKeys = [];

    /// <summary>All control hosts by name, primary gateway first, then secondaries, then the rest.</summary>
    public IReadOnlyList<(string Name, ControlHostState State)> ControlHosts =>
        [.. _hosts.Select(host => (host.Key, host.Value.State)).OrderBy(host => Rank(host.State.Gateway)).ThenBy(host => host.Key, StringComparer.Ordinal)];

    /// <summary>The host that is registered with a key; null when there is none.</summary>
    public async Task<HostCaller?> FindHostAsync(string thumbprint, CancellationToken cancel)
    {
        if (FindHost(thumbprint) is { } known) return known;
        // It may have joined just now, ahead of the feed.
        await foreach (var stored in store.ListAllAsync<ContentServerState>(cancel)) Take(stored.Id, stored.Version, stored.State);
        await foreach (var stored in store.ListAllAsync<ControlHostState>(cancel)) Take(stored.Id, stored.Version, stored.State);
        return FindHost(thumbprint);
    }

    /// <summary>The public keys that control hosts sign with, or whose signatures are still accepted, as JWKs.</summary>
    public IReadOnlyList<JsonElement> SigningKeys => [.. _signingKeys.Values.Where(IsAccepted).Select(key => key.State.PublicKey)];

    /// <summary>The public key that a control host signs with, by its key id; null when there is none, or it was retired for too long.</summary>
    public ECDsa? FindSigningKey(string keyId) => _signingKeys.TryGetValue(keyId, out var key) && IsAccepted(key) ? key.Key : null;

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
                    (_servers, _hosts, _signingKeys) = ([], [], []);
                    break;
                case FeedChange change:
                    Take(change);
                    break;
                case FeedCaughtUp:
                    _caughtUp.TrySetResult();
                    break;
            }
        }
    }

    private static int Rank(GatewayRank rank) => rank switch { GatewayRank.Primary => 0, GatewayRank.Secondary => 1, _ => 2 };

    private static string? ThumbprintOf(JsonElement publicKey) => publicKey.Deserialize<JsonWebKey>()?.Thumbprint();

    private void Take(FeedChange change)
    {
        if (change.As<ContentServerState>() is { } server) Take(change.Id, change.Version, server);
        else if (change.As<ControlHostState>() is { } host) Take(change.Id, change.Version, host);
        else if (change.As<SigningKeyState>() is { } key) Take(change.Id, change.Version, key);
    }

    private void Take(string id, long version, ContentServerState server) =>
        Put(ref _servers, id, new(version, server, ThumbprintOf(server.PublicKey)));

    private void Take(string name, long version, ControlHostState host) =>
        Put(ref _hosts, name, new(version, host, ThumbprintOf(host.PublicKey)));

    private static void Put<TState>(ref ImmutableDictionary<string, Versioned<TState>> all, string id, Versioned<TState> fresh) =>
        ImmutableInterlocked.AddOrUpdate(ref all, id, fresh, (_, old) => old.Version >= fresh.Version ? old : fresh);

    private void Take(string keyId, long version, SigningKeyState state)
    {
        // The key itself never changes, only its standing.
        var known = _signingKeys.GetValueOrDefault(keyId);
        if (known is not null && known.Version >= version) return;
        if (known?.Key is { } key || (state.PublicKey.Deserialize<JsonWebKey>() is { } jwk && jwk.TryToSigningKey(out key))) _signingKeys = _signingKeys.SetItem(keyId, new(version, state, key));
    }

    private bool IsAccepted(SigningKey key) => SigningKeyGrain.AcceptedUntil(key.State) is not { } until || time.GetUtcNow() < until;

    private HostCaller? FindHost(string thumbprint)
    {
        var server = _servers.FirstOrDefault(server => server.Value.State.Expelled is null && server.Value.Thumbprint == thumbprint).Key;
        var host = _hosts.FirstOrDefault(host => host.Value.Thumbprint == thumbprint).Key;
        return server is null && host is null ? null : new HostCaller(thumbprint, ServerId.TryParse(server, out var id) ? id : null, host);
    }

    private sealed record SigningKey(long Version, SigningKeyState State, ECDsa Key);

    private sealed record Versioned<TState>(long Version, TState State, string? Thumbprint);
}
