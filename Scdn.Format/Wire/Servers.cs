using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scdn.Format.Wire;

// What a content server and the control side say to each other.

/// <summary>A content server asks to join. Carries a proof of <paramref name="PublicKey"/>.</summary>
/// <param name="Token">The one-time token.</param>
/// <param name="Name">The server's name, for people.</param>
/// <param name="Uri">Where it will serve.</param>
/// <param name="PublicKey">Its P-256 public key as a JWK: what it signs with from now on.</param>
/// <param name="Pins">What it goes by over TLS; null: it speaks plain http, or an authority vouches for it.</param>
public sealed record JoinRequest(string Token, string Name, Uri Uri, JsonElement PublicKey, KeyPins? Pins = null);

/// <summary>It has joined.</summary>
/// <param name="Server">Its id from now on.</param>
/// <param name="ControlHosts">Where control hosts answer, primary gateway first; kept up to date through the feed.</param>
public sealed record JoinAnswer(ServerId Server, IReadOnlyList<ControlAddress> ControlHosts);

/// <summary>One line of the feed that content servers follow (NDJSON). Exactly one of the bodies is there, none in a keep-alive.</summary>
/// <param name="Epoch">The feed's epoch.</param>
/// <param name="Sequence">Where to go on from; null inside a snapshot.</param>
/// <param name="Version">The version of the grain behind the body; a stale one is ignored.</param>
/// <param name="Reset">A snapshot follows: forget what you knew.</param>
/// <param name="CaughtUp">All that was there at the start has been told.</param>
/// <param name="Replica">What the server is to hold, or no longer.</param>
/// <param name="Key">The standing of an authentication key that names the server.</param>
/// <param name="SigningKey">A key that gateways sign with.</param>
/// <param name="ControlHost">A control host.</param>
/// <param name="Expelled">The server itself is no longer wanted.</param>
/// <param name="Expulsion">Another server is no longer wanted.</param>
public sealed record FeedLine(
    Guid Epoch,
    long? Sequence,
    long Version = 0,
    bool Reset = false,
    bool CaughtUp = false,
    ReplicaOrder? Replica = null,
    KeyStanding? Key = null,
    SigningKeyNotice? SigningKey = null,
    ControlHostNotice? ControlHost = null,
    bool Expelled = false,
    ExpulsionNotice? Expulsion = null);

/// <summary>What a server is to hold of one content.</summary>
/// <param name="Content">Which.</param>
/// <param name="ContentVersion">Which version; 0: nothing of it any more.</param>
/// <param name="HeaderHash">SHA-256 of the header of that version.</param>
public sealed record ReplicaOrder(ContentId Content, int ContentVersion, byte[] HeaderHash);

/// <summary>What an authentication key is worth.</summary>
public sealed record KeyStanding(KeyId Id, ContentId Content, DateTimeOffset Expires, bool Revoked);

/// <summary>A public signing key (JWK) of a control host under its key id.</summary>
/// <param name="KeyId">Its id (<c>kid</c>).</param>
/// <param name="PublicKey">It.</param>
/// <param name="AcceptedUntil">From then on nothing that it signed is accepted; null: it is in use.</param>
/// <param name="Revoked">Whether nothing that it signed is accepted from now on.</param>
public sealed record SigningKeyNotice(string KeyId, JsonElement PublicKey, DateTimeOffset? AcceptedUntil = null, bool Revoked = false);

/// <summary>A control host: where it answers, what it does, what it goes by over TLS (null: it speaks plain http, or an authority vouches for it), and whether it was removed.</summary>
public sealed record ControlHostNotice(string Name, Uri Uri, IReadOnlyList<string> Roles, bool Primary, KeyPins? Pins = null, bool Removed = false);

/// <summary>A server that was expelled: no ticket of its is taken any more.</summary>
/// <param name="Server">Which.</param>
/// <param name="Until">From then on it has none that has not run out anyhow.</param>
public sealed record ExpulsionNotice(ServerId Server, DateTimeOffset Until);

/// <summary>The claims of an authentication key (JWT, typ <c>scdn-key+jwt</c>).</summary>
/// <param name="Jti">The key's id.</param>
/// <param name="Sub">The session's pseudonym.</param>
/// <param name="Cid">The content.</param>
/// <param name="Aud">The servers it is for.</param>
/// <param name="Exp">Seconds since 1970.</param>
/// <param name="Iss">Always <c>scdn</c>.</param>
/// <param name="Only">All that it opens of the content, when it was given before a play was begun: bytes of parts, and no header; null: everything.</param>
public sealed record AuthenticationKeyClaims(
    KeyId Jti,
    string Sub,
    ContentId Cid,
    IReadOnlyList<ServerId> Aud,
    long Exp,
    string Iss = IIssuedClaims.Issuer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<StoredRange>? Only = null) : IIssuedClaims
{
    /// <summary>The token's type.</summary>
    public const string Type = "scdn-key+jwt";
}

/// <summary>The claims of a CD master's ticket with which one server copies one content from another (JWT, typ <c>scdn-ticket+jwt</c>).</summary>
/// <param name="Sub">The server that may copy.</param>
/// <param name="Cid">The content.</param>
/// <param name="Jkt">JWK thumbprint (RFC 7638) of the server's registered key: whoever shows the ticket proves to hold it.</param>
/// <param name="Exp">Seconds since 1970.</param>
/// <param name="Iss">Always <c>scdn</c>.</param>
public sealed record TicketClaims(ServerId Sub, ContentId Cid, string Jkt, long Exp, string Iss = IIssuedClaims.Issuer) : IIssuedClaims
{
    /// <summary>The token's type.</summary>
    public const string Type = "scdn-ticket+jwt";

    /// <summary>How long a ticket is good for: a copy that takes longer asks for another.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
}
