using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Host.Feed;

/// <summary>What a content server has been told through the feed. Written by the one who follows it, read by everybody.</summary>
internal sealed class FeedFacts
{
    private readonly ConcurrentDictionary<string, SigningKey> _signingKeys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<KeyId, KeyStanding> _keys = new();
    private readonly ConcurrentDictionary<string, ControlHostNotice> _controlHosts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ContentId, ReplicaOrder> _replicas = new();
    private readonly ConcurrentDictionary<ServerId, DateTimeOffset> _expelled = new();
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);

    /// <summary>Whether this server is no longer wanted.</summary>
    public bool IsExpelled { get; private set; }

    public IEnumerable<ControlHostNotice> ControlHosts => _controlHosts.Values;

    /// <summary>What the server is to hold (version above 0) or to drop (0).</summary>
    public IReadOnlyCollection<ReplicaOrder> Replicas => [.. _replicas.Values];

    /// <summary>A key that gateways sign with; null when it is unknown.</summary>
    public ECDsa? FindSigningKey(string keyId) => _signingKeys.GetValueOrDefault(keyId)?.Key;

    /// <summary>An authentication key's standing; null when it did not arrive (yet).</summary>
    public KeyStanding? FindKey(KeyId id) => _keys.GetValueOrDefault(id);

    /// <summary>Whether another server was expelled, and could still have a ticket from before.</summary>
    public bool IsOtherExpelled(ServerId server) => _expelled.ContainsKey(server);

    /// <summary>Takes a line in. A line about a version that is not newer than what is known changes nothing.</summary>
    public void Take(FeedLine line)
    {
        if (line.Replica is { } replica && IsNews($"replica/{replica.Content}", line)) _replicas[replica.Content] = replica;
        if (line.Key is { } key && IsNews($"key/{key.Id}", line)) _keys[key.Id] = key;
        if (line.ControlHost is { } host && IsNews($"host/{host.Name}", line)) Take(host);
        if (line.SigningKey is { } signingKey && IsNews($"signing/{signingKey.KeyId}", line)) Take(signingKey);
        if (line.Expulsion is { } expulsion && IsNews($"server/{expulsion.Server}", line)) _expelled[expulsion.Server] = expulsion.Until;
        if (line.Expelled) IsExpelled = true;
    }

    /// <summary>Forgets keys and expulsions whose time is up: nobody can show those keys, what they signed, or a ticket from before, any more.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var (id, key) in _signingKeys)
        {
            if (key.AcceptedUntil <= now) _signingKeys.TryRemove(id, out _);
        }

        foreach (var (id, key) in _keys)
        {
            if (key.Expires <= now && _keys.TryRemove(id, out _)) _versions.Remove($"key/{id}");
        }

        foreach (var (server, until) in _expelled)
        {
            if (until <= now && _expelled.TryRemove(server, out _)) _versions.Remove($"server/{server}");
        }
    }

    private void Take(ControlHostNotice host)
    {
        if (host.Removed) _controlHosts.TryRemove(host.Name, out _);
        else _controlHosts[host.Name] = host;
    }

    private void Take(SigningKeyNotice notice)
    {
        if (notice.Revoked) _signingKeys.TryRemove(notice.KeyId, out _);
        else if (notice.PublicKey.Deserialize<JsonWebKey>() is { } jwk && jwk.TryToSigningKey(out var key)) _signingKeys[notice.KeyId] = new(key, notice.AcceptedUntil);
    }

    private bool IsNews(string grain, FeedLine line)
    {
        if (_versions.TryGetValue(grain, out var known) && known >= line.Version) return false;
        _versions[grain] = line.Version;
        return true;
    }

    private sealed record SigningKey(ECDsa Key, DateTimeOffset? AcceptedUntil);
}
