using System.Text.Json.Serialization;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Host.Hosting.Trust;

/// <summary>The claims of a session credential: what a signed-in viewer's client shows to control hosts, each time with a proof of the key it is bound to.</summary>
/// <param name="Sid">The session.</param>
/// <param name="Sub">The user.</param>
/// <param name="Cnf">The key it is bound to (RFC 7800).</param>
/// <param name="Exp">Seconds since 1970.</param>
/// <param name="Iss">Always <c>scdn</c>.</param>
internal sealed record SessionCredential(SessionId Sid, string Sub, Confirmation Cnf, long Exp, string Iss = IIssuedClaims.Issuer) : IIssuedClaims
{
    /// <summary>The token's type.</summary>
    public const string Type = "scdn-session+jwt";

    /// <summary>The credential of a session, for the client whose key it is bound to.</summary>
    public static string Sign(HostSigner signer, SessionSummary session, string clientKeyThumbprint) => signer.Sign(
        Type,
        new SessionCredential(session.Id, session.User, new Confirmation(clientKeyThumbprint), session.Expires.ToUnixTimeSeconds()),
        CredentialJson.Default.SessionCredential);
}

/// <summary>Names the key that a credential is bound to.</summary>
/// <param name="Jkt">JWK thumbprint (RFC 9449 §6.1).</param>
internal sealed record Confirmation(string Jkt);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SessionCredential))]
internal sealed partial class CredentialJson : JsonSerializerContext;
