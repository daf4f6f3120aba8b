using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Grains.Roles;

/// <summary>The CMS as other roles see it: catalogue, sessions, connection records.</summary>
public interface IAdmin : IRole
{
    static string IRole.Name => "admin";

    /// <summary>
    /// The catalogue's entry of a content with its header; <see cref="RefusalKind.NotFound"/> when it isn't published, <see cref="RefusalKind.Conflict"/> when there is a newer version and the one
    /// that is asked for is not kept any more, <see cref="RefusalKind.Unavailable"/> while a header is being replaced.
    /// </summary>
    Task<Outcome<CatalogueEntry>> FindContentAsync(EntryRequest request, CancellationToken cancel);

    /// <summary>All published contents, by title.</summary>
    Task<Outcome<IReadOnlyList<ContentSummary>>> ListContentsAsync(Done request, CancellationToken cancel);

    /// <summary>Opens a session for a user whose password was checked, or on an operator's word.</summary>
    Task<Outcome<SessionSummary>> OpenSessionAsync(OpenSession request, CancellationToken cancel);

    /// <summary>Whether a session is valid now, and whose it is; what the authentication proxy asks.</summary>
    Task<Outcome<ValidSession>> ValidateSessionAsync(SessionId session, CancellationToken cancel);

    /// <summary>Ends a session.</summary>
    Task<Outcome<Done>> EndSessionAsync(SessionId session, CancellationToken cancel);

    /// <summary>Takes connection records; granted when they are on disk. A record that came before is not counted again.</summary>
    Task<Outcome<Done>> ShipRecordsAsync(IReadOnlyList<ConnectionRecord> records, CancellationToken cancel);

    /// <summary>Takes what a viewer's player tells of a play, in place of what it told before; granted when it is on disk. <see cref="RefusalKind.NotFound"/> when the session has begun no such play.</summary>
    Task<Outcome<Done>> TakeReportAsync(PlayTold told, CancellationToken cancel);
}

/// <summary>What a viewer's player tells of a play.</summary>
/// <param name="Session">In which session.</param>
/// <param name="User">Whose.</param>
/// <param name="Report">What.</param>
public sealed record PlayTold(SessionId Session, string User, PlayReport Report);

/// <summary>Asks for a published content.</summary>
/// <param name="Content">Which.</param>
/// <param name="Version">In which version; null: the newest.</param>
public sealed record EntryRequest(ContentId Content, int? Version = null);

/// <summary>A published content.</summary>
/// <param name="Content">What the viewer's list shows.</param>
/// <param name="HeaderHash">SHA-256 of the header.</param>
/// <param name="Header">The header file.</param>
/// <param name="Protected">Whether a content key is needed.</param>
public sealed record CatalogueEntry(ContentSummary Content, byte[] HeaderHash, byte[] Header, bool Protected);

/// <summary>Opens a session.</summary>
/// <param name="User">Whose.</param>
/// <param name="ClientKeyThumbprint">JWK thumbprint (RFC 7638) of the key it is bound to; null for a session opened by an operator.</param>
public sealed record OpenSession(string User, string? ClientKeyThumbprint);

/// <summary>A session that is valid now.</summary>
/// <param name="Session">Which.</param>
/// <param name="User">Whose.</param>
/// <param name="ClientKeyThumbprint">The key it is bound to.</param>
/// <param name="Expires">When it ends.</param>
public sealed record ValidSession(SessionId Session, string User, string? ClientKeyThumbprint, DateTimeOffset Expires);
