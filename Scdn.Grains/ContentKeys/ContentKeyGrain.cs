using System.Security.Cryptography;
using Scdn.Grains.Storage;

namespace Scdn.Grains.ContentKeys;

/// <summary>The rule of the content key of a version: kept once and never replaced, for licences that were released live by it.</summary>
public static class ContentKeyGrain
{
    /// <summary>Keeps it; the same key again, however it was sealed, changes nothing.</summary>
    public static Change<ContentKeyState> Keep(ContentKeyState? state, byte[] sealedKey, byte[] fingerprint, DateTimeOffset now) => state switch
    {
        null => new ContentKeyState(sealedKey, fingerprint, now),
        _ when CryptographicOperations.FixedTimeEquals(state.Fingerprint, fingerprint) => Change<ContentKeyState>.None,
        _ => Refusal.Conflict("Another key is kept for this version of the content already: publish it as a higher version."),
    };
}
