using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.ContentKeys;

/// <summary>The content key of a version, encrypted under the master key.</summary>
/// <param name="Sealed">The encrypted key.</param>
/// <param name="Fingerprint">HMAC-SHA-256 of the key under a key that derives from the master key: tells whether two are the same, and nothing else.</param>
/// <param name="Kept">Since when.</param>
public sealed record ContentKeyState(byte[] Sealed, byte[] Fingerprint, DateTimeOffset Kept) : IGrainState<ContentKeyState>
{
    /// <inheritdoc/>
    public static string Kind => "content-key";

    /// <inheritdoc/>
    public static JsonTypeInfo<ContentKeyState> Json => GrainJson.Default.ContentKeyState;

    /// <summary>The grain's id.</summary>
    public static string IdOf(ContentId content, int version) => string.Create(CultureInfo.InvariantCulture, $"{content}/{version}");
}
