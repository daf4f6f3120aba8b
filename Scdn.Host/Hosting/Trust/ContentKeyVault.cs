using Scdn.Format;
using Scdn.Grains;
using Scdn.Grains.ContentKeys;
using Scdn.Grains.Storage;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Content keys at rest: sealed under the master key, each in its grain.</summary>
internal sealed class ContentKeyVault(IGrainStore store, MasterKey master, TimeProvider time)
{
    private const string Purpose = "content key";

    /// <summary>Keeps a key; another one than the one that is kept is a conflict.</summary>
    public async Task<Outcome<Done>> KeepAsync(ContentId content, ReadOnlyMemory<byte> key, CancellationToken cancel)
    {
        var sealedKey = master.Seal(Purpose, content.ToString(), key.Span);
        var fingerprint = master.Fingerprint(Purpose, key.Span);
        var kept = await store.ChangeAsync<ContentKeyState>(
            ContentKeyState.IdOf(content), state => ContentKeyGrain.Keep(state, sealedKey, fingerprint, time.GetUtcNow()), cancel);
        return kept.IsGranted(out _, out var refusal) ? Done.Instance : refusal;
    }

    /// <summary>The key; null when none is kept. To be disposed of.</summary>
    public async Task<ContentKey?> FindAsync(ContentId content, CancellationToken cancel)
    {
        if (await store.LoadAsync<ContentKeyState>(ContentKeyState.IdOf(content), cancel) is not { } kept) return null;
        return new ContentKey(master.Open(Purpose, content.ToString(), kept.State.Sealed));
    }
}
