using System.Collections.Concurrent;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Limits;
using Scdn.Grains.Manifests;
using Scdn.Grains.Replicas;
using Scdn.Grains.Roles;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin;

/// <summary>
/// What is published: a manifest grain, its header in the store, and header and parts in the origin of the host that it was published through. A content appears in the catalogue when all of it is there and checked.
/// </summary>
internal sealed class Catalogue(IGrainStore store, Origin origin, PublishedHeaders headers, ContentKeyVault vault, TimeProvider time)
{
    private readonly ConcurrentDictionary<ContentId, SemaphoreSlim> _turns = new();

    /// <summary>
    /// Publishes what was gathered under a header: refused when a rule says no or a part is missing or not intact, and then nothing has changed. The same
    /// header again is granted and changes nothing.
    /// </summary>
    /// <param name="header">The header.</param>
    /// <param name="title">The title; null: the header's own, when it can be read.</param>
    /// <param name="successions">Which publishers named which others.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Publishing> PublishAsync(Header header, string? title, IReadOnlyCollection<Succession> successions, CancellationToken cancel)
    {
        using var turn = await TakeTurnAsync(header.Content, cancel);
        return await PublishInTurnAsync(header, title, successions, cancel);
    }

    public async Task<Outcome<Done>> WithdrawAsync(ContentId content, CancellationToken cancel) =>
        Told(await store.ChangeAsync<ManifestState>(ManifestState.IdOf(content), state => ManifestGrain.Withdraw(state, time.GetUtcNow()), cancel));

    public async Task<Outcome<Done>> RestoreAsync(ContentId content, CancellationToken cancel)
    {
        using var turn = await TakeTurnAsync(content, cancel);
        return origin.Store.TryGetContent(content, out _) || (await FindAsync(content, cancel) is { } manifest && await headers.HasAsync(content, manifest, cancel))
            ? Told(await store.ChangeAsync<ManifestState>(ManifestState.IdOf(content), state => ManifestGrain.Restore(state, time.GetUtcNow()), cancel))
            : Refusal.NotFound($"Nothing of content {content} is kept any more: publish it again.");
    }

    /// <summary>Changes some of a content's limits; gives those that it has then.</summary>
    public async Task<Outcome<ContentLimits>> LimitAsync(ContentId content, ContentLimits edit, CancellationToken cancel) =>
        (await store.ChangeAsync<ManifestState>(ManifestState.IdOf(content), state => ManifestGrain.Limit(state, edit), cancel)).IsGranted(out var changed, out var refusal)
            ? Limits(changed.State) ?? new ContentLimits()
            : refusal;

    public async Task<ManifestState?> FindAsync(ContentId content, CancellationToken cancel) =>
        (await store.LoadAsync<ManifestState>(ManifestState.IdOf(content), cancel))?.State;

    /// <summary>A published content with its header, in the version that is asked for.</summary>
    public async Task<Outcome<CatalogueEntry>> FindEntryAsync(EntryRequest request, CancellationToken cancel)
    {
        var content = request.Content;
        if (await FindAsync(content, cancel) is not { Withdrawn: null } manifest) return Refusal.NotFound($"Content {content} is not published.");
        var version = request.Version ?? manifest.Version;
        if (await FindHeaderAsync(content, manifest, version, cancel) is not { } header)
        {
            return version < manifest.Version
                ? Refusal.Conflict($"'{manifest.Title}' was published anew as version {manifest.Version}, and version {version} is not kept any longer: start it again.")
                : Refusal.Unavailable($"The header of '{manifest.Title}' is being replaced: try again in a moment.");
        }

        var summary = new ContentSummary(content, manifest.Title, version, LengthOf(header), manifest.Published);
        return new CatalogueEntry(summary, [.. header.Hash], header.File.ToArray(), header.IsSealed);
    }

    public async Task<IReadOnlyList<ContentSummary>> ListAsync(CancellationToken cancel)
    {
        var published = await ListPublishedAsync(cancel);
        return [.. published.Select(one => Summary(one.Id, one.State)).OrderBy(content => content.Title, StringComparer.CurrentCultureIgnoreCase).ThenBy(content => content.Id.Value)];
    }

    /// <summary>The catalogue as operators see it, with how many servers hold what.</summary>
    public async Task<IReadOnlyList<ContentStatus>> ListStatusAsync(CancellationToken cancel)
    {
        var (wanted, held) = (new Dictionary<ContentId, int>(), new Dictionary<ContentId, int>());
        await foreach (var replica in store.ListAllAsync<ReplicaState>(cancel))
        {
            if (replica.State.Wanted > 0) wanted[replica.State.Content] = wanted.GetValueOrDefault(replica.State.Content) + 1;
            if (ReplicaGrain.Serves(replica.State)) held[replica.State.Content] = held.GetValueOrDefault(replica.State.Content) + 1;
        }

        return [.. (await ListPublishedAsync(cancel)).OrderBy(one => one.State.Published).Select(one => Status(one.Id, one.State, held.GetValueOrDefault(one.Id), wanted.GetValueOrDefault(one.Id)))];
    }

    /// <summary>
    /// Deletes from the origin what can't be had of a content any more: all of it when it was withdrawn so long ago that it can't be restored, and a version that was put
    /// into service for a publication that was cut short before its manifest was written. What no manifest speaks of stays: it may be all that is left after a database was lost or restored.
    /// False when there is nothing to delete.
    /// </summary>
    public async Task<bool> SweepAsync(ContentId content, CancellationToken cancel)
    {
        // In turn, for else a content without its manifest may be one that is just being published.
        using var turn = await TakeTurnAsync(content, cancel);
        // What a rule is shown is what is in the store, not what this host remembers: something is deleted on its word.
        var read = await store.ChangeAsync<ManifestState>(ManifestState.IdOf(content), state => state is null ? Refusal.NotFound("") : Change<ManifestState>.None, cancel);
        if (read.Value?.State is not { } manifest) return false;
        if (manifest.Withdrawn is not null && !ManifestGrain.CanRestore(manifest, time.GetUtcNow())) return origin.Store.Remove(content);
        return origin.Store.TryGetVersion(content, manifest.Version, out _) && origin.Store.RemoveAbove(content, manifest.Version);
    }

    /// <summary>Keeps in the store the headers of what this host's origin holds, and no longer those of what can't be had.</summary>
    public Task SweepHeadersAsync(CancellationToken cancel) => headers.SweepAsync(
        content => FindAsync(content, cancel), origin.Store.Contents.SelectMany(newest => origin.Store.AllVersions(newest.Content)).Select(served => served.Header), cancel);

    private static ContentSummary Summary(ContentId id, ManifestState manifest) => new(id, manifest.Title, manifest.Version, manifest.Length, manifest.Published);

    private static ContentStatus Status(ContentId id, ManifestState manifest, int heldBy, int servers) => new(
        id, manifest.Title, manifest.Version, manifest.Length, manifest.Parts, manifest.StoredBytes, manifest.Protected, manifest.Published, heldBy, servers, Limits(manifest));

    private static ContentLimits? Limits(ManifestState manifest) => manifest.Limits is { } limits ? new(OwnLimits.Write(limits.Streams), limits.Addresses) : null;

    private static Outcome<Done> Told(Outcome<Stored<ManifestState>> changed) => changed.IsGranted(out _, out var refusal) ? Done.Instance : refusal;

    private static Publication Describe(Header header, string title, IEnumerable<PublisherId> formers) => new(
        title,
        header.Version,
        [.. header.Hash],
        LengthOf(header),
        header.Parts.Length,
        header.Parts.Sum(part => part.StoredLength),
        header.IsSealed,
        header.Publisher.ToString(),
        [.. formers.Select(former => former.ToString())]);

    // The extents of the parts tile the original, so their lengths add up to its own.
    private static long LengthOf(Header header) => header.Parts.Sum(part => part.Layout.PlainLength);

    private async Task<IReadOnlyList<(ContentId Id, ManifestState State)>> ListPublishedAsync(CancellationToken cancel)
    {
        List<(ContentId, ManifestState)> published = [];
        await foreach (var manifest in store.ListAllAsync<ManifestState>(cancel))
        {
            if (manifest.State.Withdrawn is null && ContentId.TryParse(manifest.Id, out var id)) published.Add((id, manifest.State));
        }

        return published;
    }

    private async Task<Publishing> PublishInTurnAsync(Header header, string? title, IReadOnlyCollection<Succession> successions, CancellationToken cancel)
    {
        var publication = Describe(header, title ?? await TitleOfAsync(header, cancel), Succession.FormersOf(header.Publisher, successions));
        // Asked first without changing anything: a publication that the rules refuse must not replace what is served.
        if (ManifestGrain.Publish(await FindAsync(header.Content, cancel), publication, time.GetUtcNow()).Refusal is { } refusal) return new Publishing(refusal, []);

        var isServed = origin.Store.TryGetContent(header.Content, out var served) && served.Header.Hash.AsSpan().SequenceEqual(header.Hash.AsSpan());
        if (!isServed)
        {
            var incoming = origin.Store.Receive(header.Content);
            var missing = await incoming.FindMissingAsync(header, cancel);
            if (missing.Count > 0) return new Publishing(Refusal.Conflict(Sentence(missing)), missing);
            await headers.KeepAsync(header, cancel);
            incoming.TakeIntoService(header);
        }
        else
        {
            await headers.KeepAsync(header, cancel);
        }

        // What is in service must be told of: there is no giving up between the two.
        var published = await store.ChangeAsync<ManifestState>(
            ManifestState.IdOf(header.Content), state => ManifestGrain.Publish(state, publication, time.GetUtcNow()), CancellationToken.None);
        if (published.Refusal is { } late) return new Publishing(late, []);
        await headers.KeepOnlyAsync(header, CancellationToken.None);
        return new Publishing(null, []);
    }

    /// <summary>From the origin of this host, else from the store, for another host's may hold it.</summary>
    private async Task<Header?> FindHeaderAsync(ContentId content, ManifestState manifest, int version, CancellationToken cancel)
    {
        if (version > manifest.Version) return null;
        return origin.Store.TryGetVersion(content, version, out var served) && (version < manifest.Version || served.Header.Hash.AsSpan().SequenceEqual(manifest.HeaderHash))
            ? served.Header
            : await headers.FindAsync(content, manifest, version, cancel);
    }

    private async Task<Turn> TakeTurnAsync(ContentId content, CancellationToken cancel)
    {
        var turn = _turns.GetOrAdd(content, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancel);
        return new(turn);
    }

    private static string Sentence(IReadOnlyList<PartId> missing) => missing.Count == 1
        ? $"Part {missing[0]} is missing or not intact: upload it again, then the header."
        : $"{missing.Count} parts are missing or not intact, the first of them {missing[0]}: upload them again, then the header.";

    private async Task<string> TitleOfAsync(Header header, CancellationToken cancel)
    {
        using var key = header.IsSealed ? await vault.FindAsync(header.Content, header.Version, cancel) : null;
        return (header.IsSealed && key is null) || (key is not null && !header.Accepts(key)) ? header.Content.ToString() : header.Open(key).Title;
    }

    /// <summary>What is done to one content in the origin is done one after the other.</summary>
    private readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}

/// <summary>What came of publishing.</summary>
/// <param name="Refusal">Why not; null: it is published.</param>
/// <param name="Missing">The parts to be sent again.</param>
internal sealed record Publishing(Refusal? Refusal, IReadOnlyList<PartId> Missing);
