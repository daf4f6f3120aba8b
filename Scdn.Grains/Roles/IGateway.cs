using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Grains.Roles;

/// <summary>An authentication gateway: issues and verifies authentication keys, releases content keys. The primary is asked first, then the secondaries.</summary>
public interface IGateway : IRole
{
    static string IRole.Name => "gateway";

    /// <summary>Issues a key; its standing reaches the servers it names through the feed.</summary>
    Task<Outcome<IssuedKey>> IssueKeyAsync(KeyOrder order, CancellationToken cancel);

    /// <summary>What a key is worth now: asked by a content server about a key that is new to it, and by operators.</summary>
    Task<Outcome<KeyStatus>> VerifyKeyAsync(VerifyKeyRequest request, CancellationToken cancel);

    /// <summary>Revokes a key; every content server that it names refuses it from the feed's next line on.</summary>
    Task<Outcome<Done>> RevokeKeyAsync(KeyId key, CancellationToken cancel);

    /// <summary>Counts a play, once for each play id of a session, and releases the content key wrapped to the viewer's key.</summary>
    Task<Outcome<ReleasedLicence>> ReleaseLicenceAsync(LicenceRequest request, CancellationToken cancel);

    /// <summary>Takes plays along with a download, once, and releases the content key wrapped to the device.</summary>
    Task<Outcome<ReleasedDownload>> ReleaseDownloadAsync(DownloadOrder order, CancellationToken cancel);

    /// <summary>Takes a device's receipts in, and with the last of them what was not played.</summary>
    Task<Outcome<DownloadStanding>> HandInReceiptsAsync(ReceiptsDelivery delivery, CancellationToken cancel);

    /// <summary>Keeps the key of a content's version, encrypted under the master key. Another key for the same content version is a conflict.</summary>
    Task<Outcome<Done>> KeepContentKeyAsync(ContentKeyDeposit deposit, CancellationToken cancel);
}

/// <summary>A key to be issued for a session that the proxy has found valid.</summary>
/// <param name="Session">Whose.</param>
/// <param name="User">The user behind it.</param>
/// <param name="Content">For what.</param>
/// <param name="Servers">For which servers.</param>
/// <param name="NotAfter">The end of the session or the completion time of what was bought, whichever comes first; the key ends no later.</param>
/// <param name="Grant">The number of the grant behind it, with which it ends; null: the account allows it.</param>
/// <param name="Stream">The stream that it is for, with whose places it ends; null: it has none.</param>
/// <param name="StartOf">It opens the start of a play of this version alone, and ends soon; null: it opens the content.</param>
public sealed record KeyOrder(
    SessionId Session, string User, ContentId Content, IReadOnlyList<ServerId> Servers, DateTimeOffset NotAfter, int? Grant = null, KeyStream? Stream = null, PublishedVersion? StartOf = null);

/// <summary>Asks for the content key.</summary>
/// <param name="Session">A session that was found valid.</param>
/// <param name="User">The user behind it.</param>
/// <param name="Content">Of what.</param>
/// <param name="Version">Of which of its versions.</param>
/// <param name="IsSealed">Whether that version needs a content key.</param>
/// <param name="ViewerKey">P-256 public key (JWK) to wrap to.</param>
/// <param name="Play">The play's id within the session.</param>
public sealed record LicenceRequest(SessionId Session, string User, ContentId Content, int Version, bool IsSealed, JsonElement ViewerKey, Guid Play);

/// <summary>A licence.</summary>
/// <param name="Licence">The wrapped content key (JWE); null when the content isn't protected.</param>
/// <param name="PlaysLeft">After this play; null: no limit.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Grant">The number of the grant that the play was taken from; null: the account.</param>
/// <param name="IsLimited">Whether that grant has only so many streams at the same time, so that the play has a place to keep.</param>
/// <param name="Until">Until when the plays that are left can be begun; null: without end, or none are left.</param>
/// <param name="Ends">When what the play was begun with ends; null: never.</param>
/// <param name="SeeksLeft">Seeks that are left of it; null: any number.</param>
public sealed record ReleasedLicence(
    string? Licence, int? PlaysLeft, DateTimeOffset Expires, int? Grant = null, bool IsLimited = false, DateTimeOffset? Until = null, DateTimeOffset? Ends = null, int? SeeksLeft = null);

/// <summary>A content key to be kept.</summary>
/// <param name="Content">Whose.</param>
/// <param name="Version">Of which of its versions, from 1.</param>
/// <param name="Key">32 bytes.</param>
public sealed record ContentKeyDeposit(ContentId Content, int Version, byte[] Key);

/// <summary>A content to be taken along.</summary>
/// <param name="User">By whom.</param>
/// <param name="Version">In which version.</param>
/// <param name="IsSealed">Whether that version needs a content key.</param>
/// <param name="HeaderHash">SHA-256 of its header.</param>
/// <param name="Request">What the device asked for.</param>
public sealed record DownloadOrder(string User, int Version, bool IsSealed, byte[] HeaderHash, DownloadRequest Request);

/// <summary>A download licence.</summary>
/// <param name="Licence">Signed (JWT).</param>
/// <param name="Signer">The public key that it is signed with (JWK).</param>
/// <param name="ContentKey">Wrapped to the device (JWE); null when the content isn't protected.</param>
/// <param name="Until">When it ends.</param>
/// <param name="Grant">The number of the grant that its plays were taken from; null: the account.</param>
public sealed record ReleasedDownload(string Licence, JsonElement Signer, string? ContentKey, DateTimeOffset Until, int? Grant);

/// <summary>Receipts of a user's device.</summary>
/// <param name="User">Who hands them in.</param>
/// <param name="Download">Of which download.</param>
/// <param name="Request">What the device said.</param>
public sealed record ReceiptsDelivery(string User, DownloadId Download, ReceiptsRequest Request);
