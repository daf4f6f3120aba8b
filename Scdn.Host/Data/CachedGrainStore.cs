using System.Collections.Concurrent;
using System.Collections.Frozen;
using Scdn.Grains;
using Scdn.Grains.ContentKeys;
using Scdn.Grains.Manifests;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

namespace Scdn.Host.Data;

/// <summary>
/// Keeps in memory what is read with every play and seldom changed: accounts, the catalogue, content keys as they are stored. The feed brings what other hosts change, within a moment, and while it does not nothing is taken from memory; what this host changes is known at once.
/// A change itself is always ruled upon by the state in the store.
/// </summary>
internal sealed class CachedGrainStore(IGrainStore store, IChangeFeed feed) : BackgroundService, IGrainStore
{
    private const int Capacity = 100_000;

    private static readonly FrozenSet<string> Kinds = [UserState.Kind, ManifestState.Kind, ContentKeyState.Kind];

    private readonly ConcurrentDictionary<(string Kind, string Id), Entry> _entries = new();
    private volatile bool _isFollowing;
    private volatile int _generation;

    /// <inheritdoc/>
    public async Task<Stored<TState>?> LoadAsync<TState>(string id, CancellationToken cancel)
        where TState : class, IGrainState<TState>
    {
        if (!Kinds.Contains(TState.Kind) || !_isFollowing || !feed.IsCurrent) return await store.LoadAsync<TState>(id, cancel);
        if (_entries.TryGetValue((TState.Kind, id), out var known) && known.Grain is Stored<TState> grain) return grain;
        var generation = _generation;
        var loaded = await store.LoadAsync<TState>(id, cancel);
        // What is not there may be there in a moment. And what was read before all was forgotten may be older than what was forgotten.
        if (loaded is null || generation != _generation) return loaded;
        Keep(TState.Kind, id, new(loaded.Version, loaded));
        if (generation != _generation) _entries.TryRemove((TState.Kind, id), out _);
        return loaded;
    }

    /// <inheritdoc/>
    public async Task<Outcome<Stored<TState>>> ChangeAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
        where TState : class, IGrainState<TState> => Kept(id, await store.ChangeAsync(id, rule, cancel));

    /// <inheritdoc/>
    public async Task<Outcome<Stored<TState>>> CreateAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
        where TState : class, IGrainState<TState> => Kept(id, await store.CreateAsync(id, rule, cancel));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Stored<TState>>> ListAsync<TState>(string? after, int limit, CancellationToken cancel)
        where TState : class, IGrainState<TState> => store.ListAsync<TState>(after, limit, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Stored<TState>>> ListBackAsync<TState>(string? before, int limit, CancellationToken cancel)
        where TState : class, IGrainState<TState> => store.ListBackAsync<TState>(before, limit, cancel);

    /// <inheritdoc/>
    public Task<int> RemoveAsync<TState>(IReadOnlyList<Stored<TState>> grains, CancellationToken cancel)
        where TState : class, IGrainState<TState> =>
        Kinds.Contains(TState.Kind) ? throw new InvalidOperationException($"Hosts remember a {TState.Kind}: it can't be deleted without a word.") : store.RemoveAsync(grains, cancel);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in feed.FollowAsync(from: null, stoppingToken))
        {
            switch (item)
            {
                case FeedReset:
                    _isFollowing = false;
                    Clear();
                    break;
                case FeedCaughtUp:
                    _isFollowing = true;
                    break;
                case FeedChange change when Kinds.Contains(change.Kind):
                    // Its state is read when it is asked for; until then nothing older is kept.
                    Keep(change.Kind, change.Id, new(change.Version, null));
                    break;
            }
        }
    }

    private Outcome<Stored<TState>> Kept<TState>(string id, Outcome<Stored<TState>> changed)
        where TState : class, IGrainState<TState>
    {
        if (changed.Value is { } grain && Kinds.Contains(TState.Kind)) Keep(TState.Kind, id, new(grain.Version, grain));
        return changed;
    }

    private void Keep(string kind, string id, Entry fresh)
    {
        if (_entries.Count >= Capacity) Clear();
        _entries.AddOrUpdate((kind, id), fresh, (_, known) => known.Version > fresh.Version || (known.Version == fresh.Version && known.Grain is not null) ? known : fresh);
    }

    private void Clear()
    {
        Interlocked.Increment(ref _generation);
        _entries.Clear();
    }

    /// <summary>What is known of a grain.</summary>
    /// <param name="Version">Its version, at least.</param>
    /// <param name="Grain">It; null when only its version is known.</param>
    private sealed record Entry(long Version, object? Grain);
}
