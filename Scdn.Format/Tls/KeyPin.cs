using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Scdn.Format;

/// <summary>
/// What a host is known by over TLS: the SHA-256 of its certificate's public key (its SubjectPublicKeyInfo, as in RFC 7469 and in TLSA records 3 1 1 of RFC 6698), printed as 64 hexadecimal digits. A certificate that is renewed
/// under the same key has the same pin.
/// </summary>
public readonly record struct KeyPin
{
    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private KeyPin(ReadOnlySpan<byte> hash)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(hash);
        _low = BinaryPrimitives.ReadUInt128BigEndian(hash[16..]);
    }

    /// <summary>The pin of a certificate's key.</summary>
    public static KeyPin Of(X509Certificate2 certificate) => new(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>The pin of a key that a certificate will be for.</summary>
    public static KeyPin Of(AsymmetricAlgorithm key) => new(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    /// <summary>Parses 64 lower-case hexadecimal digits and nothing else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeyPin pin)
    {
        pin = default;
        if (text is not { Length: 64 } || !text.All(char.IsAsciiHexDigitLower)) return false;
        pin = new(Convert.FromHexString(text));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_high:x32}{_low:x32}";
}
