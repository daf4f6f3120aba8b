using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Scdn.Format;

/// <summary>A public key on P-256 as JSON (RFC 7517, RFC 7518 §6.2). Never a private one.</summary>
/// <param name="KeyType">Always <c>EC</c>.</param>
/// <param name="Curve">Always <c>P-256</c>.</param>
/// <param name="X">32 bytes in base64url.</param>
/// <param name="Y">32 bytes in base64url.</param>
/// <param name="KeyId">The key's name, where it has one.</param>
public sealed record JsonWebKey(
    [property: JsonPropertyName("kty")] string KeyType,
    [property: JsonPropertyName("crv")] string Curve,
    [property: JsonPropertyName("x")] string X,
    [property: JsonPropertyName("y")] string Y,
    [property: JsonPropertyName("kid"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? KeyId = null)
{
    private const int CoordinateSize = 32;

    /// <summary>The public half of a key on P-256.</summary>
    public static JsonWebKey Of(ECAlgorithm key, string? keyId = null) => Of(Public(key), keyId);

    /// <summary>A public point on P-256.</summary>
    public static JsonWebKey Of(ECParameters parameters, string? keyId = null)
    {
        if (parameters.Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value) throw new ArgumentException("The key is not on the curve P-256.", nameof(parameters));
        return new("EC", "P-256", Base64Url.EncodeToString(parameters.Q.X), Base64Url.EncodeToString(parameters.Q.Y), keyId);
    }

    /// <summary>The SHA-256 thumbprint in base64url (RFC 7638): names the key.</summary>
    public string Thumbprint() =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"{{Curve}}","kty":"{{KeyType}}","x":"{{X}}","y":"{{Y}}"}""")));

    /// <summary>The key for checking signatures; false when this is no point on P-256.</summary>
    public bool TryToSigningKey([NotNullWhen(true)] out ECDsa? key) => TryImport(ECDsa.Create, out key);

    /// <summary>The key for agreeing on secrets; false when this is no point on P-256.</summary>
    public bool TryToAgreementKey([NotNullWhen(true)] out ECDiffieHellman? key) => TryImport(ECDiffieHellman.Create, out key);

    private static ECParameters Public(ECAlgorithm key) => key.ExportParameters(includePrivateParameters: false);

    private bool TryImport<TKey>(Func<ECParameters, TKey> import, [NotNullWhen(true)] out TKey? key)
        where TKey : class
    {
        key = null;
        if (KeyType != "EC" || Curve != "P-256") return false;
        if (!StrictBase64Url.TryDecode(X, CoordinateSize, out var x) || !StrictBase64Url.TryDecode(Y, CoordinateSize, out var y)) return false;
        try
        {
            key = import(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
