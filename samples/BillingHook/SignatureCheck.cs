using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Scdn.Samples;

/// <summary>Checks that a question comes from a control host: the header Scdn-Signature is a JWS (RFC 7515), signed with ES256 by a key that control hosts publish.</summary>
internal sealed class SignatureCheck(HttpClient http, Uri control, Uri own)
{
    private const int Tolerance = 60;

    /// <summary>What is wrong with a question; null: nothing.</summary>
    public async Task<string?> FaultAsync(string signature, string idempotencyKey, byte[] body)
    {
        if (signature.Split('.') is not [var header, var payload, var signed]) return "The question is not signed.";
        using var headerJson = Decode(header);
        using var claims = Decode(payload);
        // The algorithm and the type are ours to choose, never the sender's.
        if (Text(headerJson, "alg") != "ES256" || Text(headerJson, "typ") != "scdn-billing+jwt") return "The signature is of another kind.";
        using var key = await FindKeyAsync(Text(headerJson, "kid"));
        if (key is null || !key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{payload}"), Base64Url.DecodeFromChars(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            return "The question is not signed by a control host.";

        if (Text(claims, "method") != "POST" || Text(claims, "url") != own.AbsoluteUri) return "The question is for another address.";
        if (Text(claims, "bh") != Base64Url.EncodeToString(SHA256.HashData(body))) return "The question was changed.";
        if ($"\"{Text(claims, "idempotencyKey")}\"" != idempotencyKey) return "The question is for another play.";
        var age = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - claims.RootElement.GetProperty("iat").GetInt64();
        return Math.Abs(age) > Tolerance ? "The question is too old." : null;
    }

    /// <summary>A real service keeps the keys, and asks again when it meets one that it does not know: they change every 30 days.</summary>
    private async Task<ECDsa?> FindKeyAsync(string? keyId)
    {
        using var keys = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri(control, "/.well-known/jwks.json")));
        foreach (var key in keys.RootElement.GetProperty("keys").EnumerateArray())
        {
            if (key.GetProperty("kid").GetString() != keyId) continue;
            var point = new ECPoint { X = Base64Url.DecodeFromChars(key.GetProperty("x").GetString()), Y = Base64Url.DecodeFromChars(key.GetProperty("y").GetString()) };
            return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
        }

        return null;
    }

    private static JsonDocument Decode(string field) => JsonDocument.Parse(Base64Url.DecodeFromChars(field));

    private static string? Text(JsonDocument json, string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
}
