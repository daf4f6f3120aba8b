using System.Runtime.InteropServices;
using Scdn.Format;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;

namespace Scdn.Host.Roles.Gateway;

/// <summary>
/// Revokes the authentication keys of what was taken back, or ends before they do since it was changed, and of streams that have no place any more among those that may play with it. It follows the feed, so that it knows the keys that any gateway has issued, and that nothing is forgotten when a host ends just then: the next start
/// begins with a snapshot. Every gateway does it; revoking twice changes nothing.
/// </summary>
internal sealed class GrantWatch(KeyRevoking revoking, IChangeFeed feed, TimeProvider time) : BackgroundService
{
    /// <summary>Changes of different grains may come in another order than they were made in, and a key may be issued on the word of a licence that was read just before it changed: licences are remembered for as long.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, List<Issued>> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (LicenceState State, long Version, DateTimeOffset Seen)> _licences = new(StringComparer.Ordinal);
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
            if (change.As<AuthKeyState>() is { Grant: { } grant } key && KeyId.TryParse(change.Id, out var id)) await TakeAsync(new(id, grant, key.Expires, key.Session, key.Stream is { InLicence: true } stream ? stream.Play : null), key, stoppingToken);
            else if (change.As<LicenceState>() is { Grants: not null } licence) await TakeAsync(change, licence, stoppingToken);
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
        if (_licences.TryGetValue(licence, out var known) && !Covers(known.State, key)) await RevokeAsync(key.Key, cancel);
    }

    private async Task TakeAsync(FeedChange change, LicenceState licence, CancellationToken cancel)
    {
        var id = change.Id;
        // What was read for the snapshot may be newer than what is told after it.
        if (_licences.TryGetValue(id, out var known) && known.Version >= change.Version) return;
        _licences[id] = (licence, change.Version, time.GetUtcNow());
        if (!_keys.TryGetValue(id, out var keys)) return;
        var over = keys.FindAll(key => !Covers(licence, key));
        foreach (var key in over) await RevokeAsync(key.Key, cancel);
        keys.RemoveAll(over.Contains);
    }

    private static bool Covers(LicenceState licence, Issued key) =>
        LicenceGrants.Covers(licence, key.Grant, key.Expires) && (key.Play is not { } play || LicenceStreams.Has(licence, key.Session, play));

    private Task RevokeAsync(KeyId key, CancellationToken cancel) =>
        revoking.RevokeAsync(key, "what it was issued for was taken back, ends before it, or has no place among the streams at the same time any more", cancel);

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

    /// <param name="Play">The play that it is for, when that has a place among the streams that may play with the grant; null: it has none.</param>
    private sealed record Issued(KeyId Key, int Grant, DateTimeOffset Expires, SessionId Session, Guid? Play);
}
