using Scdn.Format;
using Scdn.Grains.Manifests;
using Scdn.Host.Data;
using Scdn.Host.Hosting;

namespace Scdn.Host.Roles.Admin;

/// <summary>The headers of what is published, in the store: so that every control host has them, whichever one's origin holds the content.</summary>
internal sealed class PublishedHeaders(IHeaderStore store, HostSettings settings, TimeProvider time)
{
    /// <summary>What no manifest speaks of is about to be published, for so long.</summary>
    private static readonly TimeSpan PublishedWithin = TimeSpan.FromDays(1);

    /// <summary>Keeps a header, before a manifest speaks of it.</summary>
    public Task KeepAsync(Header header, CancellationToken cancel) =>
        store.KeepAsync(new(header.Content, header.Version, HashOf(header.Hash.AsSpan()), time.GetUtcNow()), header.File, cancel);

    /// <summary>The header of a version, as long as that version may be played; null when there is none.</summary>
    public async Task<Header?> FindAsync(ContentId content, ManifestState manifest, int version, CancellationToken cancel)
    {
        var kept = await store.ListAsync(content, cancel);
        foreach (var one in kept.Where(one => one.Version == version && IsWanted(one, manifest, kept)))
        {
            if (await store.LoadAsync(one, cancel) is { } file) return Header.Parse(file);
        }

        return null;
    }

    /// <summary>Whether the header that is played now is there.</summary>
    public async Task<bool> HasAsync(ContentId content, ManifestState manifest, CancellationToken cancel) =>
        (await store.ListAsync(content, cancel)).Any(one => one.Version == manifest.Version && one.Hash == HashOf(manifest.HeaderHash));

    /// <summary>Of one version one header is published: those of publications that were cut short or came second are not it.</summary>
    public async Task KeepOnlyAsync(Header header, CancellationToken cancel)
    {
        foreach (var one in await store.ListAsync(header.Content, cancel))
        {
            if (one.Version == header.Version && one.Hash != HashOf(header.Hash.AsSpan())) await store.RemoveAsync(one, cancel);
        }
    }

    /// <summary>Keeps what an origin holds and an older program didn't keep, and no longer what can't be had.</summary>
    /// <param name="find">The manifest of a content; null: there is none.</param>
    /// <param name="held">What the origin holds.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task SweepAsync(Func<ContentId, Task<ManifestState?>> find, IEnumerable<Header> held, CancellationToken cancel)
    {
        var kept = (await store.ListAsync(content: null, cancel)).ToLookup(one => one.Content);
        foreach (var header in held)
        {
            if (!kept[header.Content].Any(one => one.Version == header.Version && one.Hash == HashOf(header.Hash.AsSpan()))
                && await find(header.Content) is { } manifest
                && (header.Version < manifest.Version || manifest.HeaderHash.AsSpan().SequenceEqual(header.Hash.AsSpan())))
                await KeepAsync(header, cancel);
        }

        foreach (var ofOne in kept)
        {
            var manifest = await find(ofOne.Key);
            var isOver = manifest is { Withdrawn: not null } && !ManifestGrain.CanRestore(manifest, time.GetUtcNow());
            foreach (var one in ofOne)
            {
                var isNone = manifest is null || !IsWanted(one, manifest, [.. ofOne]);
                if (isOver || (isNone && time.GetUtcNow() - one.At > PublishedWithin)) await store.RemoveAsync(one, cancel);
            }
        }
    }

    private bool IsWanted(KeptHeader one, ManifestState manifest, IReadOnlyList<KeptHeader> ofContent)
    {
        if (one.Version > manifest.Version) return false;
        if (one.Version == manifest.Version) return one.Hash == HashOf(manifest.HeaderHash);
        // As long as content servers keep the parts of a version that was superseded.
        var successors = ofContent.Where(later => later.Version > one.Version && later.Version <= manifest.Version).ToList();
        var since = successors.Count > 0 ? successors.Min(later => later.At) : manifest.Published;
        return time.GetUtcNow() - since <= settings.KeepSuperseded;
    }

    private static string HashOf(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash);
}
