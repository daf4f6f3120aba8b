using System.Security.Cryptography;
using Scdn.Grains.Storage;

namespace Scdn.Grains.ContentKeys;

/// <summary>The rule of the content key of a version: kept once and never replaced, for licences that were released live by it.</summary>
public static class ContentKeyGrain
{
    /// <summary>Keeps it; the same key again, however it was sealed, changes nothing.</summary>
    /// <param name="state">What is kept.</param>
    /// <param name="sealedKey">The key, sealed.</param>
    /// <param name="fingerprints">Its fingerprints by the master keys that there are, one at least: what is kept may have one by another than the present.</param>
    /// <param name="now">Now.</param>
    public static Change<ContentKeyState> Keep(ContentKeyState? state, byte[] sealedKey, IReadOnlyList<byte[]> fingerprints, DateTimeOffset now) => state switch
    {
        null => new ContentKeyState(sealedKey, fingerprints[0], now),
        _ when fingerprints.Any(fingerprint => CryptographicOperations.FixedTimeEquals(state.Fingerprint, fingerprint)) => Change<ContentKeyState>.None,
        _ => Refusal.Conflict("Another key is kept for this version of the content already: publish it as a higher version."),
    };
}
