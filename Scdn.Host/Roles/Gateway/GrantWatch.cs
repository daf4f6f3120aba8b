using System.Runtime.InteropServices;
using Scdn.Format;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using Scdn.Host.Data;

namespace Scdn.Host.Roles.Gateway;

/// <summary>
/// Revokes the authentication keys of what was taken back, or ends before they do since it was changed. It follows the feed, so that it knows the keys that any gateway has issued, and that nothing is forgotten when a host ends just then: the next start
/// begins with a snapshot. Every gateway does it; revoking twice changes nothing.
/// </summary>
internal sealed partial class GrantWatch(IGrainStore store, IChangeFeed feed, TimeProvider time, ILogger<GrantWatch> log) : BackgroundService
{
    /// <summary>Changes of different grains may come in another order than they were made in, and a key may be issued on the word of a licence that was read just before it changed: licences are remembered for as long.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, List<Issued>> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (LicenceState State, DateTimeOffset Seen)> _licences = new(StringComparer.Ordinal);
    private DateTimeOffset _swept;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in feed.FollowAsync(from: null, stoppingToken))
        {
            if (item is FeedReset)
            {
                _keys.Clear();
                _licences.Clear();
            }

            if (item is not FeedChange change) continue;
            if (change.As<AuthKeyState>() is { Grant: { } grant } key && KeyId.TryParse(change.Id, out var id)) await TakeAsync(new(id, grant, key.Expires), key, stoppingToken);
            else if (change.As<LicenceState>() is { Grants: not null } licence) await TakeAsync(change.Id, licence, stoppingToken);
            Sweep();
        }
    }

    private async Task TakeAsync(Issued key, AuthKeyState state, CancellationToken cancel)
    {
        var licence = LicenceState.IdOf(state.User, state.Content);
        if (state.Revoked is not null)
        {
            _keys.GetValueOrDefault(licence)?.RemoveAll(known => known.Key == key.Key);
            return;
        }

        if (key.Expires <= time.GetUtcNow()) return;
        (CollectionsMarshal.GetValueRefOrAddDefault(_keys, licence, out _) ??= []).Add(key);
        if (_licences.TryGetValue(licence, out var known) && !LicenceGrants.Covers(known.State, key.Grant, key.Expires)) await RevokeAsync(key.Key, cancel);
    }

    private async Task TakeAsync(string id, LicenceState licence, CancellationToken cancel)
    {
        _licences[id] = (licence, time.GetUtcNow());
        if (!_keys.TryGetValue(id, out var keys)) return;
        var over = keys.FindAll(key => !LicenceGrants.Covers(licence, key.Grant, key.Expires));
        foreach (var key in over) await RevokeAsync(key.Key, cancel);
        keys.RemoveAll(over.Contains);
    }

    private async Task RevokeAsync(KeyId key, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await store.ChangeAsync<AuthKeyState>(AuthKeyState.IdOf(key), state => AuthKeyGrain.Revoke(state, time.GetUtcNow()), cancel);
                LogRevoked(key);
                return;
            }
            catch (StoreException fault) when (fault.IsTransient)
            {
                await Task.Delay(RetryAfter, time, cancel);
            }
        }
    }

    private void Sweep()
    {
        var now = time.GetUtcNow();
        if (now - _swept < Memory) return;
        _swept = now;
        foreach (var (id, known) in _licences)
        {
            if (now - known.Seen > Memory) _licences.Remove(id);
        }

        foreach (var (id, keys) in _keys)
        {
            keys.RemoveAll(key => key.Expires <= now);
            if (keys.Count == 0) _keys.Remove(id);
        }
    }

    private sealed record Issued(KeyId Key, int Grant, DateTimeOffset Expires);

    [LoggerMessage(420, LogLevel.Information, "Revoked key {Key}: what it was issued for was taken back, or ends before it")]
    private partial void LogRevoked(KeyId key);
}
