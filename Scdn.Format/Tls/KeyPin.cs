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
    private readonly KeyHash _hash;

    private KeyPin(KeyHash hash) => _hash = hash;

    /// <summary>The pin of a certificate's key.</summary>
    public static KeyPin Of(X509Certificate2 certificate) => new(KeyHash.Of(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>The pin of a key that a certificate will be for.</summary>
    public static KeyPin Of(AsymmetricAlgorithm key) => new(KeyHash.Of(key.ExportSubjectPublicKeyInfo()));

    /// <summary>Parses 64 lower-case hexadecimal digits and nothing else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeyPin pin)
    {
        var parsed = KeyHash.TryParse(text, out var hash);
        pin = new(hash);
        return parsed;
    }

    /// <inheritdoc/>
    public override string ToString() => _hash.ToString();
}
