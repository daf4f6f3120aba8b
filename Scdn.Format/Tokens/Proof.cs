using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Scdn.Format;

/// <summary>
/// Proof that the sender of a request holds a private key: a DPoP proof (RFC 9449) that covers the body too (<c>bh</c>, base64url of its SHA-256).
/// A stolen token alone is thus no use to others.
/// </summary>
public static class Proof
{
    private const string Type = "dpop+jwt";
    private const int MaxIdLength = 128;

    /// <summary>Makes a proof for one request.</summary>
    /// <param name="key">The sender's private key, on P-256.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="url">The absolute URL; query and fragment are left out, as RFC 9449 has it.</param>
    /// <param name="accessToken">The token that is sent along; null when there is none.</param>
    /// <param name="body">The request's body; empty when there is none.</param>
    /// <param name="now">The sender's clock.</param>
    public static string Create(ECDsa key, string method, Uri url, string? accessToken, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var claims = new ProofClaims
        {
            Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            Method = method,
            Url = Target(url),
            IssuedAt = now.ToUnixTimeSeconds(),
            TokenHash = TokenHash(accessToken),
            BodyHash = BodyHash(body),
        };
        var header = new JoseHeader { Type = Type, Key = JsonSerializer.SerializeToElement(JsonWebKey.Of(key), JoseJson.Default.JsonWebKey) };
        return CompactToken.Sign(key, header, JsonSerializer.SerializeToUtf8Bytes(claims, JoseJson.Default.ProofClaims));
    }

    /// <summary>Checks a proof against the request it came with. Whether its key is the right one, and its id new, is for the caller.</summary>
    /// <param name="proof">The proof, from anybody.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="url">The request's absolute URL, as the sender saw it.</param>
    /// <param name="accessToken">The token that came along; null when there was none.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="now">The checker's clock.</param>
    /// <param name="tolerance">How far the clocks may differ, either way.</param>
    public static ProofCheck Check(
        string? proof, string method, Uri url, string? accessToken, ReadOnlySpan<byte> body, DateTimeOffset now, TimeSpan tolerance)
    {
        if (!CompactToken.TryParse(proof, Type, out var token)) return ProofCheck.Invalid("The proof is not a DPoP proof signed with ES256.");
        if (!JoseJson.TryReadKey(token.Header.Key, out var jwk) || !jwk.TryToSigningKey(out var key)) return ProofCheck.Invalid("The proof names no public key on P-256.");
        using (key)
        {
            if (!token.IsSignedBy(key)) return ProofCheck.Invalid("The proof is not signed by the key it names.");
        }

        if (!JoseJson.TryParse(token.Payload, JoseJson.Default.ProofClaims, out var claims)) return ProofCheck.Invalid("The proof's claims can't be read.");
        return Fault(claims, method, url, accessToken, body, now, tolerance) is { } fault ? ProofCheck.Invalid(fault) : ProofCheck.Valid(jwk, claims.Id!);
    }

    private static string? Fault(
        ProofClaims claims, string method, Uri url, string? accessToken, ReadOnlySpan<byte> body, DateTimeOffset now, TimeSpan tolerance)
    {
        if (claims.Id is not { Length: > 0 and <= MaxIdLength }) return "The proof has no id.";
        if (claims.Method != method) return "The proof is for another method.";
        if (!Uri.TryCreate(claims.Url, UriKind.Absolute, out var target) || Target(target) != Target(url)) return "The proof is for another address.";
        if (claims.TokenHash != TokenHash(accessToken)) return "The proof is for another token.";
        if (claims.BodyHash != BodyHash(body)) return "The proof is for another body.";
        if (claims.IssuedAt is not { } issuedAt || IsFar(issuedAt, now, tolerance)) return "The proof is too old or from the future: check the clocks.";
        return null;
    }

    private static bool IsFar(long issuedAt, DateTimeOffset now, TimeSpan tolerance)
    {
        var seconds = now.ToUnixTimeSeconds();
        var allowed = (long)tolerance.TotalSeconds;
        return issuedAt < seconds - allowed || issuedAt > seconds + allowed;
    }

    private static string Target(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static string? TokenHash(string? accessToken) =>
        accessToken is null ? null : Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(accessToken)));

    private static string BodyHash(ReadOnlySpan<byte> body) => Base64Url.EncodeToString(SHA256.HashData(body));
}
