using Scdn.Format;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Storage;
using Scdn.Grains.Streams;

namespace Scdn.Host.Roles.Gateway;

/// <summary>
/// Revokes the authentication keys of streams that gave their place among those of a user or a content back, or lost it to another: so that no more can play than may, whatever a client says or leaves unsaid. It follows the feed as <see cref="GrantWatch"/> does. A key is issued
/// once the places are taken, and comes after them in the feed; a snapshot is read by the names of kinds, in which keys come before places as well
/// (a test holds it): so a key that is read had its places before they were read; all keys are looked at when the snapshot is over.
/// </summary>
internal sealed class PlaceWatch(KeyRevoking revoking, IChangeFeed feed, TimeProvider time) : BackgroundService
{
    private readonly Dictionary<KeyId, Issued> _keys = [];
    private readonly Dictionary<StreamId, HashSet<KeyId>> _keysOf = [];
    private readonly Dictionary<string, Seen> _places = new(StringComparer.Ordinal);
    private bool _isWhole;
    private DateTimeOffset _swept;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in feed.FollowAsync(from: null, stoppingToken))
        {
            switch (item)
            {
                case FeedReset:
                    Clear();
                    break;
                case FeedCaughtUp when !_isWhole:
                    _isWhole = true;
                    await RevokeAsync([.. _keys.Where(key => !HasPlaces(key.Value)).Select(key => key.Key)], stoppingToken);
                    break;
                case FeedChange change when change.As<AuthKeyState>() is { Stream: not null } key && KeyId.TryParse(change.Id, out var id):
                    await TakeAsync(id, key, stoppingToken);
                    break;
                case FeedChange change when change.As<StreamsState>() is { } streams:
                    await TakeAsync(change, streams, stoppingToken);
                    break;
            }

            Sweep();
        }
    }

    private async Task TakeAsync(KeyId id, AuthKeyState state, CancellationToken cancel)
    {
        if (state.Revoked is not null || state.Expires <= time.GetUtcNow())
        {
            Forget(id);
            return;
        }

        var key = new Issued(new(state.Session, state.Content, state.Stream!.Play), state.Stream.Grains, state.Expires);
        _keys[id] = key;
        if (!_keysOf.TryGetValue(key.Stream, out var keys)) _keysOf[key.Stream] = keys = [];
        keys.Add(id);
        if (_isWhole && !HasPlaces(key)) await RevokeAsync([id], cancel);
    }

    private async Task TakeAsync(FeedChange change, StreamsState streams, CancellationToken cancel)
    {
        var (grain, former) = (change.Id, _places.GetValueOrDefault(change.Id));
        if (former?.Version >= change.Version) return;
        HashSet<StreamId> present = [.. streams.Places.Select(place => place.Stream)];
        _places[grain] = new(change.Version, present);
        if (!_isWhole || former is null) return;
        KeyId[] lost =
        [
            .. from stream in former.Streams
               where !present.Contains(stream)
               from key in _keysOf.GetValueOrDefault(stream) ?? []
               where _keys[key].Grains.Contains(grain)
               select key,
        ];
        await RevokeAsync(lost, cancel);
    }

    private bool HasPlaces(Issued key) => key.Grains.All(grain => _places.TryGetValue(grain, out var seen) && seen.Streams.Contains(key.Stream));

    private async Task RevokeAsync(IReadOnlyList<KeyId> keys, CancellationToken cancel)
    {
        foreach (var key in keys)
        {
            await revoking.RevokeAsync(key, "its stream has no place among those at the same time any more", cancel);
            Forget(key);
        }
    }

    private void Forget(KeyId id)
    {
        if (!_keys.Remove(id, out var key)) return;
        var keys = _keysOf[key.Stream];
        keys.Remove(id);
        if (keys.Count == 0) _keysOf.Remove(key.Stream);
    }

    private void Sweep()
    {
        var now = time.GetUtcNow();
        if (now - _swept < TimeSpan.FromMinutes(1)) return;
        _swept = now;
        foreach (var (id, _) in _keys.Where(key => key.Value.Expires <= now).ToList()) Forget(id);
    }

    private void Clear()
    {
        _keys.Clear();
        _keysOf.Clear();
        _places.Clear();
        _isWhole = false;
    }

    private sealed record Seen(long Version, HashSet<StreamId> Streams);

    private sealed record Issued(StreamId Stream, IReadOnlyList<string> Grains, DateTimeOffset Expires);
}
