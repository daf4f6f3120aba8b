using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Scdn.Format;

/// <summary>
/// Signed tokens: JWS in compact form (RFC 7515), ECDSA on P-256 with SHA-256 (RFC 7518 §3.4) and nothing else, each with a type of its own
/// (RFC 8725 §3.11) so that one kind of token never passes for another. Times and audiences in the claims are the caller's to judge.
/// </summary>
public static class Es256
{
    /// <summary>Signs claims.</summary>
    /// <param name="key">A private key on P-256.</param>
    /// <param name="keyId">Names the key to those who verify.</param>
    /// <param name="type">The kind of token, such as <c>scdn-key+jwt</c>.</param>
    /// <param name="claims">What is said.</param>
    /// <param name="json">How it is written.</param>
    public static string Sign<TClaims>(ECDsa key, string keyId, string type, TClaims claims, JsonTypeInfo<TClaims> json) =>
        CompactToken.Sign(key, new JoseHeader { KeyId = keyId, Type = type }, JsonSerializer.SerializeToUtf8Bytes(claims, json));

    /// <summary>Verifies a token and reads its claims; false for anything but a token of this type, signed by the key it names, of our own issuer when its claims name one.</summary>
    /// <param name="token">The token, from anybody.</param>
    /// <param name="type">The kind that is expected.</param>
    /// <param name="keys">The key of a name, or null when no such key is trusted.</param>
    /// <param name="json">How claims are read.</param>
    /// <param name="claims">The claims, signed.</param>
    public static bool TryVerify<TClaims>(
        string? token, string type, Func<string, ECDsa?> keys, JsonTypeInfo<TClaims> json, [NotNullWhen(true)] out TClaims? claims)
    {
        claims = default;
        return CompactToken.TryParse(token, type, out var parsed)
            && parsed.Header.KeyId is { } keyId
            && keys(keyId) is { } key
            && parsed.IsSignedBy(key)
            && JoseJson.TryParse(parsed.Payload, json, out claims)
            && claims is not IIssuedClaims { Iss: not IIssuedClaims.Issuer };
    }
}
