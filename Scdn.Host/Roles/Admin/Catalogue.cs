using System.Collections.Concurrent;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Manifests;
using Scdn.Grains.Replicas;
using Scdn.Grains.Roles;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin;

/// <summary>What is published: a manifest grain and, in the origin store, header and parts. A content appears in the catalogue when all of it is there and checked.</summary>
internal sealed class Catalogue(IGrainStore store, Origin origin, ContentKeyVault vault, TimeProvider time)
{
    private readonly ConcurrentDictionary<ContentId, SemaphoreSlim> _publishing = new();

    /// <summary>
    /// Publishes what was gathered under a header: refused when a rule says no or a part is missing or not intact, and then nothing has changed. The same
    /// header again is granted and changes nothing.
    /// </summary>
    /// <param name="header">The header.</param>
    /// <param name="title">The title; null: the header's own, when it can be read.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Publishing> PublishAsync(Header header, string? title, CancellationToken cancel)
    {
        var turn = _publishing.GetOrAdd(header.Content, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancel);
        try
        {
            return await PublishInTurnAsync(header, title, cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<Outcome<Done>> WithdrawAsync(ContentId content, CancellationToken cancel) =>
        Told(await store.ChangeAsync<ManifestState>(ManifestState.IdOf(content), state => ManifestGrain.Withdraw(state, time.GetUtcNow()), cancel));

    public async Task<Outcome<Done>> RestoreAsync(ContentId content, CancellationToken cancel) =>
        origin.Store.TryGetContent(content, out _)
            ? Told(await store.ChangeAsync<ManifestState>(ManifestState.IdOf(content), state => ManifestGrain.Restore(state, time.GetUtcNow()), cancel))
            : Refusal.NotFound($"Nothing of content {content} is kept here any more: publish it again.");

    public async Task<ManifestState?> FindAsync(ContentId content, CancellationToken cancel) =>
        (await store.LoadAsync<ManifestState>(ManifestState.IdOf(content), cancel))?.State;

    /// <summary>A published content with its header.</summary>
    public async Task<Outcome<CatalogueEntry>> FindEntryAsync(ContentId content, CancellationToken cancel)
    {
        if (await FindAsync(content, cancel) is not { Withdrawn: null } manifest) return Refusal.NotFound($"Content {content} is not published.");
        if (!origin.Store.TryGetContent(content, out var served) || !served.Header.Hash.AsSpan().SequenceEqual(manifest.HeaderHash))
            return Refusal.Unavailable($"The header of '{manifest.Title}' is being replaced: try again in a moment.");
        return new CatalogueEntry(Summary(content, manifest), manifest.HeaderHash, served.Header.File.ToArray(), manifest.Protected);
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

    /// <summary>Contents that were withdrawn so long ago that they can't be restored; what is kept of them can go.</summary>
    public async Task<IReadOnlyList<ContentId>> ListExpiredAsync(CancellationToken cancel)
    {
        List<ContentId> expired = [];
        foreach (var content in origin.Store.Contents.Select(served => served.Content).ToList())
        {
            // A content without a manifest is one that is about to be published.
            if (await FindAsync(content, cancel) is { Withdrawn: not null } manifest && !ManifestGrain.CanRestore(manifest, time.GetUtcNow())) expired.Add(content);
        }

        return expired;
    }

    private static ContentSummary Summary(ContentId id, ManifestState manifest) => new(id, manifest.Title, manifest.Version, manifest.Length, manifest.Published);

    private static ContentStatus Status(ContentId id, ManifestState manifest, int heldBy, int servers) => new(
        id, manifest.Title, manifest.Version, manifest.Length, manifest.Parts, manifest.StoredBytes, manifest.Protected, manifest.Published, heldBy, servers);

    private static Outcome<Done> Told(Outcome<Stored<ManifestState>> changed) => changed.IsGranted(out _, out var refusal) ? Done.Instance : refusal;

    private static Publication Describe(Header header, string title) => new(
        title,
        header.Version,
        [.. header.Hash],
        // The extents of the parts tile the original, so their lengths add up to its own.
        header.Parts.Sum(part => part.Layout.PlainLength),
        header.Parts.Length,
        header.Parts.Sum(part => part.StoredLength),
        header.IsSealed,
        header.Publisher.ToString());

    private async Task<IReadOnlyList<(ContentId Id, ManifestState State)>> ListPublishedAsync(CancellationToken cancel)
    {
        List<(ContentId, ManifestState)> published = [];
        await foreach (var manifest in store.ListAllAsync<ManifestState>(cancel))
        {
            if (manifest.State.Withdrawn is null && ContentId.TryParse(manifest.Id, out var id)) published.Add((id, manifest.State));
        }

        return published;
    }

    private async Task<Publishing> PublishInTurnAsync(Header header, string? title, CancellationToken cancel)
    {
        var publication = Describe(header, title ?? await TitleOfAsync(header, cancel));
        // Asked first without changing anything: a publication that the rules refuse must not replace what is served.
        if (ManifestGrain.Publish(await FindAsync(header.Content, cancel), publication, time.GetUtcNow()).Refusal is { } refusal) return new Publishing(refusal, []);

        var isServed = origin.Store.TryGetContent(header.Content, out var served) && served.Header.Hash.AsSpan().SequenceEqual(header.Hash.AsSpan());
        if (!isServed)
        {
            var incoming = origin.Store.Receive(header.Content);
            var missing = await incoming.FindMissingAsync(header, cancel);
            if (missing.Count > 0) return new Publishing(Refusal.Conflict(Sentence(missing)), missing);
            incoming.TakeIntoService(header);
        }

        var published = await store.ChangeAsync<ManifestState>(
            ManifestState.IdOf(header.Content), state => ManifestGrain.Publish(state, publication, time.GetUtcNow()), cancel);
        return new Publishing(published.IsGranted(out _, out var late) ? null : late, []);
    }

    private static string Sentence(IReadOnlyList<PartId> missing) => missing.Count == 1
        ? $"Part {missing[0]} is missing or not intact: upload it again, then the header."
        : $"{missing.Count} parts are missing or not intact, the first of them {missing[0]}: upload them again, then the header.";

    private async Task<string> TitleOfAsync(Header header, CancellationToken cancel)
    {
        using var key = header.IsSealed ? await vault.FindAsync(header.Content, cancel) : null;
        return (header.IsSealed && key is null) || (key is not null && !header.Accepts(key)) ? header.Content.ToString() : header.Open(key).Title;
    }
}

/// <summary>What came of publishing.</summary>
/// <param name="Refusal">Why not; null: it is published.</param>
/// <param name="Missing">The parts to be sent again.</param>
internal sealed record Publishing(Refusal? Refusal, IReadOnlyList<PartId> Missing);
