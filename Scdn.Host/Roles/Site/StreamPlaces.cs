using Scdn.Grains;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using Scdn.Grains.Streams;
using Scdn.Host.Data;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Site;

/// <summary>
/// Gives streams their places, wherever there are only so many; where nothing limits them nothing is written. Places of what was granted are taken with the play itself, in its licence.
/// </summary>
internal sealed class StreamPlaces(IGrainStore store, TimeProvider time)
{
    /// <summary>Does the work of a play that has its places; those that it took are given back when it does not begin after all.</summary>
    /// <param name="stream">The stream: one that has its places already keeps them.</param>
    /// <param name="limits">Where it needs one.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Outcome<T>> UseAsync<T>(StreamId stream, IReadOnlyList<StreamLimit> limits, Func<Task<Outcome<T>>> work, CancellationToken cancel)
    {
        var taken = new List<string>();
        // Who gives up half-way may have asked another host meanwhile, which goes on with the same places: they are left to it, and in a minute to others.
        var refusal = await TakeAsync(stream, limits, taken, cancel);
        if (refusal is null)
        {
            var begun = await work();
            if (begun.Refusal is null) return begun;
            refusal = begun.Refusal;
        }

        await GiveBackAsync(taken, stream);
        return refusal;
    }

    /// <summary>A play goes on: it keeps its places, or takes those that are free again.</summary>
    public async Task<Outcome<Done>> KeepAsync(ViewerCaller viewer, StreamId stream, IReadOnlyList<StreamLimit> limits, CancellationToken cancel)
    {
        // The licence knows whether there is such a play: nobody holds a place without one.
        var kept = await store.ChangeAsync<LicenceState>(
            LicenceState.IdOf(viewer.User, stream.Content), state => LicenceStreams.Keep(state, stream.Session, stream.Play, time.GetUtcNow()), cancel);
        if (kept.Refusal is { } refusal) return refusal;
        return await TakeAsync(stream, limits, [], cancel) is { } full ? full : Done.Instance;
    }

    /// <summary>A play has ended: its places are free.</summary>
    public async Task<Outcome<Done>> EndAsync(ViewerCaller viewer, StreamId stream, CancellationToken cancel)
    {
        var ended = await store.ChangeAsync<LicenceState>(LicenceState.IdOf(viewer.User, stream.Content), state => LicenceStreams.End(state, stream.Session, stream.Play), cancel);
        if (ended.Refusal is { } refusal) return refusal;
        foreach (var grain in (string[])[StreamsState.IdOf(viewer.User), StreamsState.IdOf(stream.Content)])
        {
            if ((await ReleaseAsync(grain, stream, cancel)).Refusal is { } late) return late;
        }

        return Done.Instance;
    }

    private async Task<Refusal?> TakeAsync(StreamId stream, IReadOnlyList<StreamLimit> limits, List<string> taken, CancellationToken cancel)
    {
        foreach (var limit in limits)
        {
            var isNew = false;
            var change = await store.ChangeAsync<StreamsState>(
                limit.Grain,
                state =>
                {
                    isNew = !StreamGrain.Has(state, stream);
                    return StreamGrain.Take(state, stream, limit.Streams, limit.Full, time.GetUtcNow());
                },
                cancel);
            if (change.Refusal is { } refusal) return refusal;
            if (isNew) taken.Add(limit.Grain);
        }

        return null;
    }

    private Task<Outcome<Stored<StreamsState>>> ReleaseAsync(string grain, StreamId stream, CancellationToken cancel) =>
        store.ChangeAsync<StreamsState>(grain, state => StreamGrain.Release(state, stream), cancel);

    private async Task GiveBackAsync(List<string> taken, StreamId stream)
    {
        try
        {
            // Also when whoever asked has gone.
            foreach (var grain in taken) await ReleaseAsync(grain, stream, CancellationToken.None);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            // In a minute others can take them.
        }
    }
}
