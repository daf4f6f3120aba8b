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
    /// <summary>Does the work of a play that has its places; those that it took are given back when it does not begin after all, whatever the reason.</summary>
    /// <param name="user">Whose play it is.</param>
    /// <param name="stream">The stream: one that has its places already keeps them.</param>
    /// <param name="limits">Where it needs one.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Outcome<T>> UseAsync<T>(string user, StreamId stream, IReadOnlyList<StreamLimit> limits, Func<Task<Outcome<T>>> work, CancellationToken cancel)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var isBegun = false;
        try
        {
            if (await TakeAsync(stream, limits, taken, cancel) is { } full) return full;
            var begun = await work();
            isBegun = begun.Refusal is null;
            return begun;
        }
        finally
        {
            if (!isBegun) await GiveBackAsync(user, stream, [.. limits.Where(limit => taken.Contains(limit.Grain))]);
        }
    }

    /// <summary>
    /// Makes sure, once a play was counted, that it has its places: another request for the same play, which took them first, may have given them back. Why it has none any more; null when it has.
    /// </summary>
    public Task<Refusal?> HoldAsync(StreamId stream, IReadOnlyList<StreamLimit> limits, CancellationToken cancel) => TakeAsync(stream, limits, [], cancel);

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

    private async Task<Refusal?> TakeAsync(StreamId stream, IReadOnlyList<StreamLimit> limits, HashSet<string> taken, CancellationToken cancel)
    {
        foreach (var limit in limits)
        {
            var change = await store.ChangeAsync<StreamsState>(
                limit.Grain,
                state =>
                {
                    // Noted before it is stored: whoever gives up meanwhile may have taken it.
                    if (StreamGrain.Has(state, stream)) taken.Remove(limit.Grain);
                    else taken.Add(limit.Grain);
                    return StreamGrain.Take(state, stream, limit.Streams, limit.Full, time.GetUtcNow());
                },
                cancel);
            if (change.Refusal is not { } refusal) continue;
            taken.Remove(limit.Grain);
            return refusal;
        }

        return null;
    }

    private Task<Outcome<Stored<StreamsState>>> ReleaseAsync(string grain, StreamId stream, CancellationToken cancel) =>
        store.ChangeAsync<StreamsState>(grain, state => StreamGrain.Release(state, stream), cancel);

    /// <summary>Also when whoever asked has gone. Another request for the same play may go on with these places: what it was granted keeps them, or gets them back here or with <see cref="HoldAsync"/>, whichever comes later.</summary>
    private async Task GiveBackAsync(string user, StreamId stream, IReadOnlyList<StreamLimit> taken)
    {
        try
        {
            if (taken.Count == 0 || await IsCountedAsync(user, stream)) return;
            foreach (var limit in taken) await ReleaseAsync(limit.Grain, stream, CancellationToken.None);
            if (await IsCountedAsync(user, stream)) await HoldAsync(stream, taken, CancellationToken.None);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            // In a minute others can take them.
        }
    }

    private async Task<bool> IsCountedAsync(string user, StreamId stream) =>
        await store.LoadAsync<LicenceState>(LicenceState.IdOf(user, stream.Content), CancellationToken.None) is { } licence && LicenceGrain.IsCounted(licence.State, stream.Session, stream.Play);
}
