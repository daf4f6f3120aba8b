using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scdn.Format.Wire;

// What a viewer's client and the contents site say to each other of contents that are taken along (Scdn.Format/SPEC.md, "Downloads").

/// <summary>Asks to take a content along.</summary>
/// <param name="Content">What.</param>
/// <param name="Download">Makes the request idempotent: asked again, the same plays are meant.</param>
/// <param name="AgreementKey">The device's P-256 public key as a JWK; the content key is wrapped to it.</param>
/// <param name="SigningKey">The device's P-256 public key as a JWK; receipts are signed with it.</param>
/// <param name="Plays">How many plays to take along; null: all that are left.</param>
public sealed record DownloadRequest(ContentId Content, DownloadId Download, JsonElement AgreementKey, JsonElement SigningKey, int? Plays = null);

/// <summary>Everything that is needed to take a content along.</summary>
/// <param name="Content">What.</param>
/// <param name="Version">The header's version.</param>
/// <param name="HeaderHash">SHA-256 of the header.</param>
/// <param name="Header">The header file.</param>
/// <param name="Licence">The download licence, signed (JWT, typ <c>scdn-download+jwt</c>, claims <see cref="DownloadClaims"/>).</param>
/// <param name="Signer">The public key that it is signed with (JWK), for a device that will have nobody to ask.</param>
/// <param name="ContentKey">The content key wrapped to the device (JWE, payload <see cref="LicenceClaims"/>); null when nothing is protected.</param>
/// <param name="AuthenticationKey">What is shown to content servers while the parts are fetched.</param>
/// <param name="KeyExpires">When that ends.</param>
/// <param name="Servers">The best servers, best first.</param>
/// <param name="Mirrors">As in <see cref="PlayAnswer"/>.</param>
public sealed record DownloadAnswer(
    ContentId Content,
    int Version,
    byte[] HeaderHash,
    byte[] Header,
    string Licence,
    JsonElement Signer,
    string? ContentKey,
    string AuthenticationKey,
    DateTimeOffset KeyExpires,
    IReadOnlyList<RankedServer> Servers,
    IReadOnlyList<Uri>? Mirrors = null);

/// <summary>The claims of a download licence.</summary>
/// <param name="Jti">The download.</param>
/// <param name="Sub">The user.</param>
/// <param name="Cid">The content.</param>
/// <param name="Ver">Its version.</param>
/// <param name="Hdr">SHA-256 of its header in base64url.</param>
/// <param name="Jkt">JWK thumbprint (RFC 7638) of the device's signing key: no other device may use it.</param>
/// <param name="Iat">When it was issued, by the site's clock: seconds since 1970.</param>
/// <param name="Exp">Not to be played from then on: seconds since 1970.</param>
/// <param name="Plays">How often it may be played; null: without limit.</param>
/// <param name="Iss">Always <c>scdn</c>.</param>
/// <param name="Seeks">How many seeks in all its plays together; null: without limit.</param>
public sealed record DownloadClaims(
    DownloadId Jti, string Sub, ContentId Cid, int Ver, string Hdr, string Jkt, long Iat, long Exp, int? Plays, string Iss = IIssuedClaims.Issuer, int? Seeks = null) : IIssuedClaims
{
    /// <summary>The token's type.</summary>
    public const string Type = "scdn-download+jwt";
}

/// <summary>The claims of a receipt: one play that began without a line (JWT signed by the device, typ <c>scdn-receipt+jwt</c>).</summary>
/// <param name="Sub">The download.</param>
/// <param name="Seq">The play's number, from 1.</param>
/// <param name="Iat">When it began, by the device's clock: seconds since 1970.</param>
/// <param name="Prev">The hash of the receipt before it (<see cref="ReceiptChain"/>).</param>
public sealed record ReceiptClaims(DownloadId Sub, int Seq, long Iat, string Prev)
{
    /// <summary>The token's type.</summary>
    public const string Type = "scdn-receipt+jwt";
}

/// <summary>Hands in receipts.</summary>
/// <param name="Receipts">Those that the site may not have yet, in their order; at most <see cref="MaxReceipts"/>.</param>
/// <param name="Sequence">The number of the last of them, or of the last that was handed in before; 0: none was made. When there are more than are handed in at once, those go first.</param>
/// <param name="Head">Its hash.</param>
/// <param name="GiveBack">Whether the download is over, and what was not played goes back.</param>
/// <param name="Sought">How many seeks there were until now; null: they are not counted.</param>
public sealed record ReceiptsRequest(
    IReadOnlyList<string> Receipts, int Sequence, string Head, bool GiveBack = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Sought = null)
{
    /// <summary>How many are handed in at once: 1000.</summary>
    public const int MaxReceipts = 1000;
}

/// <summary>What the site knows of a download now.</summary>
/// <param name="Sequence">The number of the last receipt that it has.</param>
/// <param name="ServerTime">Its clock.</param>
public sealed record DownloadStanding(int Sequence, DateTimeOffset ServerTime);
