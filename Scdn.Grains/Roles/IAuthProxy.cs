using Scdn.Format;

namespace Scdn.Grains.Roles;

/// <summary>The authentication proxy: answers a contents site's request for an authentication key, after asking the admin server about the session.</summary>
public interface IAuthProxy : IRole
{
    static string IRole.Name => "proxy";

    /// <summary>Asks for a key for one session, one content, and the servers that the IP master named.</summary>
    Task<Outcome<IssuedKey>> RequestKeyAsync(KeyRequest request, CancellationToken cancel);
}

/// <summary>Who is to be let at what, where, until when.</summary>
/// <param name="Session">Whose.</param>
/// <param name="Content">What.</param>
/// <param name="Servers">Where.</param>
/// <param name="Completion">The completion time of what was bought: the key ends no later; null: it has none.</param>
/// <param name="Grant">The number of the grant behind it; null: the account allows it.</param>
/// <param name="Stream">The stream that it is for, when that has places without which it is worth nothing; null: it has none.</param>
/// <param name="StartOf">It is for who has not begun a play yet, and opens the start of one of this header's version alone; null: it is for a play, and opens the content.</param>
public sealed record KeyRequest(
    SessionId Session, ContentId Content, IReadOnlyList<ServerId> Servers, DateTimeOffset? Completion = null, int? Grant = null, KeyStream? Stream = null, PublishedVersion? StartOf = null);

/// <summary>A version of a content, and its header.</summary>
/// <param name="Version">The version.</param>
/// <param name="HeaderHash">SHA-256 of the header.</param>
public sealed record PublishedVersion(int Version, byte[] HeaderHash);

/// <summary>The stream that a key is for, and where it has its places.</summary>
/// <param name="Play">The play's id within the session.</param>
/// <param name="Grains">The ids of the grains that count streams at the same time (<see cref="Streams.StreamsState"/>).</param>
/// <param name="InLicence">Whether it has a place in its licence, too.</param>
public sealed record KeyStream(Guid Play, IReadOnlyList<string> Grains, bool InLicence);

/// <summary>An authentication key.</summary>
/// <param name="Id">By which it is revoked.</param>
/// <param name="Token">What the viewer shows.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Start">All that it opens, when it is for the start of a play alone; null: it opens the content.</param>
public sealed record IssuedKey(KeyId Id, string Token, DateTimeOffset Expires, PlayStart? Start = null);
