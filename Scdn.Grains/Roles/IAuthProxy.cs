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
public sealed record KeyRequest(SessionId Session, ContentId Content, IReadOnlyList<ServerId> Servers, DateTimeOffset? Completion = null, int? Grant = null);

/// <summary>An authentication key.</summary>
/// <param name="Id">By which it is revoked.</param>
/// <param name="Token">What the viewer shows.</param>
/// <param name="Expires">When it ends.</param>
public sealed record IssuedKey(KeyId Id, string Token, DateTimeOffset Expires);
