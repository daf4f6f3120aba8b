using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.ContentKeys;
using Scdn.Grains.Storage;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Content keys at rest: sealed under the master key, one for each version of a content.</summary>
internal sealed class ContentKeyVault(IGrainStore store, MasterKey master, TimeProvider time)
{
    /// <summary>Keeps a key; another one than the one that is kept is a conflict.</summary>
    public async Task<Outcome<Done>> KeepAsync(ContentId content, int version, ReadOnlyMemory<byte> key, CancellationToken cancel)
    {
        var id = ContentKeyState.IdOf(content, version);
        if (!(await master.SealAsync(store, SealedGrains.ContentKeys, id, key, cancel)).IsGranted(out var sealedKey, out var notSealed)) return notSealed;
        var fingerprints = master.Fingerprints(SealedGrains.ContentKeys, key);
        var kept = await store.ChangeAsync<ContentKeyState>(
            id, state => ContentKeyGrain.Keep(state, sealedKey, fingerprints, time.GetUtcNow()), cancel);
        return kept.IsGranted(out _, out var refusal) ? Done.Instance : refusal;
    }

    /// <summary>Why a content that needs a key can't be played without one.</summary>
    public static Refusal NeverKept(ContentId content, int version) => Refusal.NotFound($"The key of content {content}, version {version}, was never deposited: publish it again together with its key.");

    /// <summary>The key; null when none is kept. To be disposed of.</summary>
    public async Task<ContentKey?> FindAsync(ContentId content, int version, CancellationToken cancel)
    {
        // Stores from before versions had keys of their own have one under the content's id.
        foreach (var id in new[] { ContentKeyState.IdOf(content, version), content.ToString() })
        {
            if (await store.LoadAsync<ContentKeyState>(id, cancel) is { } kept) return new ContentKey(master.Open(SealedGrains.ContentKeys, id, kept.State.Sealed));
        }

        return null;
    }
}
