using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Site;

/// <summary>What the signature of a question to billing says (JWS, ES256, by a key of <c>/.well-known/jwks.json</c>): that it is this one, to this address, of this moment.</summary>
/// <param name="Iat">When, in seconds since 1970.</param>
/// <param name="Url">The address, with its query.</param>
/// <param name="Bh">SHA-256 of the body, in base64url.</param>
/// <param name="IdempotencyKey">The value of the header <c>Idempotency-Key</c>, without its quotes.</param>
/// <param name="Method">Always <c>POST</c>.</param>
/// <param name="Iss">Always <c>scdn</c>.</param>
internal sealed record BillingSignature(long Iat, string Url, string Bh, string IdempotencyKey, string Method = "POST", string Iss = "scdn")
{
    /// <summary>The header that carries it.</summary>
    public const string HeaderName = "Scdn-Signature";

    /// <summary>The token's type.</summary>
    public const string Type = "scdn-billing+jwt";

    /// <summary>Signs a question.</summary>
    public static string Sign(HostSigner signer, Uri url, ReadOnlySpan<byte> body, string idempotencyKey, DateTimeOffset now) => signer.Sign(
        Type,
        new BillingSignature(now.ToUnixTimeSeconds(), url.AbsoluteUri, Base64Url.EncodeToString(SHA256.HashData(body)), idempotencyKey),
        BillingJson.Default.BillingSignature);
}

/// <summary>What billing answers; the detail is shown to the viewer.</summary>
internal sealed record BillingAnswer(bool Allowed, string? Detail = null);

/// <summary>Why billing says no, where it says so by the status (RFC 9457).</summary>
internal sealed record BillingProblem(string? Detail = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BillingSignature))]
[JsonSerializable(typeof(BillingAnswer))]
[JsonSerializable(typeof(BillingProblem))]
internal sealed partial class BillingJson : JsonSerializerContext;
