using System.Runtime.InteropServices;
using Scdn.Format;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

namespace Scdn.Host.Roles.Gateway;

/// <summary>
/// Revokes the authentication keys of sessions that were ended and of accounts that were closed. It follows the feed as <see cref="GrantWatch"/> does. What has ended stays so, and may be told of before or after a key that was issued just then: whichever comes second, the key is revoked.
/// </summary>
internal sealed class SessionWatch(KeyRevoking revoking, IChangeFeed feed, TimeProvider time) : BackgroundService
{
    private readonly Dictionary<SessionId, List<Issued>> _keys = [];

    /// <summary>Sessions that were ended, with when they would have expired: no key of theirs is good for longer.</summary>
    private readonly Dictionary<SessionId, DateTimeOffset> _ended = [];

    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);
    private DateTimeOffset _swept;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in feed.FollowAsync(from: null, stoppingToken))
        {
            if (item is FeedReset)
            {
                _keys.Clear();
                _ended.Clear();
                _closed.Clear();
            }

            if (item is not FeedChange change) continue;
            if (change.As<AuthKeyState>() is { } key && KeyId.TryParse(change.Id, out var id)) await TakeAsync(id, key, stoppingToken);
            else if (change.As<SessionState>() is { Ended: not null } session && SessionId.TryParse(change.Id, out var ended)) await EndAsync(ended, session, stoppingToken);
            else if (change.As<UserState>() is { Disabled: not null }) await CloseAsync(change.Id, stoppingToken);
            Sweep();
        }
    }

    private async Task TakeAsync(KeyId id, AuthKeyState state, CancellationToken cancel)
    {
        var key = new Issued(id, UserState.IdOf(state.User), state.Expires);
        if (state.Revoked is not null) _keys.GetValueOrDefault(state.Session)?.RemoveAll(known => known.Key == id);
        else if (key.Expires <= time.GetUtcNow()) return;
        else if (_ended.ContainsKey(state.Session) || _closed.Contains(key.User)) await RevokeAsync(key, cancel);
        else (CollectionsMarshal.GetValueRefOrAddDefault(_keys, state.Session, out _) ??= []).Add(key);
    }

    private async Task EndAsync(SessionId session, SessionState state, CancellationToken cancel)
    {
        if (state.Expires <= time.GetUtcNow()) return;
        _ended[session] = state.Expires;
        if (!_keys.Remove(session, out var keys)) return;
        foreach (var key in keys) await RevokeAsync(key, cancel);
    }

    /// <summary>Its sessions end with it, but one that was opened just then.</summary>
    private async Task CloseAsync(string user, CancellationToken cancel)
    {
        if (!_closed.Add(user)) return;
        foreach (var keys in _keys.Values)
        {
            foreach (var key in keys.Where(key => key.User == user)) await RevokeAsync(key, cancel);
            keys.RemoveAll(key => key.User == user);
        }
    }

    private Task RevokeAsync(Issued key, CancellationToken cancel) => revoking.RevokeAsync(key.Key, "its session was ended, or its account closed", cancel);

    private void Sweep()
    {
        var now = time.GetUtcNow();
        if (now - _swept < TimeSpan.FromMinutes(1)) return;
        _swept = now;
        foreach (var (session, expires) in _ended)
        {
            if (expires <= now) _ended.Remove(session);
        }

        foreach (var (session, keys) in _keys)
        {
            keys.RemoveAll(key => key.Expires <= now);
            if (keys.Count == 0) _keys.Remove(session);
        }
    }

    private sealed record Issued(KeyId Key, string User, DateTimeOffset Expires);
}
