using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.ContentKeys;
using Scdn.Grains.Storage;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Content keys at rest: sealed under the master key, one for each version of a content.</summary>
internal sealed class ContentKeyVault(IGrainStore store, MasterKey master, TimeProvider time)
{
    private const string Purpose = "content key";

    /// <summary>Keeps a key; another one than the one that is kept is a conflict.</summary>
    public async Task<Outcome<Done>> KeepAsync(ContentId content, int version, ReadOnlyMemory<byte> key, CancellationToken cancel)
    {
        var id = ContentKeyState.IdOf(content, version);
        var sealedKey = master.Seal(Purpose, id, key.Span);
        var fingerprint = master.Fingerprint(Purpose, key.Span);
        var kept = await store.ChangeAsync<ContentKeyState>(
            id, state => ContentKeyGrain.Keep(state, sealedKey, fingerprint, time.GetUtcNow()), cancel);
        return kept.IsGranted(out _, out var refusal) ? Done.Instance : refusal;
    }

    /// <summary>The key; null when none is kept. To be disposed of.</summary>
    public async Task<ContentKey?> FindAsync(ContentId content, int version, CancellationToken cancel)
    {
        // Stores from before versions had keys of their own have one under the content's id.
        foreach (var id in new[] { ContentKeyState.IdOf(content, version), content.ToString() })
        {
            if (await store.LoadAsync<ContentKeyState>(id, cancel) is { } kept) return new ContentKey(master.Open(Purpose, id, kept.State.Sealed));
        }

        return null;
    }
}
