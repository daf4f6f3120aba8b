using System.Buffers.Text;
using System.Security.Cryptography;

namespace Scdn.Host.Hosting.Trust;

/// <summary>JWK thumbprints (RFC 7638) that somebody else has made.</summary>
internal static class Thumbprints
{
    /// <summary>Whether it can be one: a SHA-256 in base64url, without padding, as it is written and no other way.</summary>
    public static bool IsWellFormed(string thumbprint)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        return thumbprint.Length == Base64Url.GetEncodedLength(hash.Length)
            && Base64Url.IsValid(thumbprint)
            && Base64Url.TryDecodeFromChars(thumbprint, hash, out var written)
            && written == hash.Length
            && Base64Url.EncodeToString(hash) == thumbprint;
    }
}
