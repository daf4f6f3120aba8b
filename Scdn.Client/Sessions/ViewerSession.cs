using System.Security.Cryptography;
using Scdn.Format;

namespace Scdn.Client.Sessions;

/// <summary>
/// A signed-in viewer: the site's credential and the key pair that it is bound to, without which it is worth nothing. <see cref="SessionFile"/> keeps it.
/// </summary>
public sealed class ViewerSession : IDisposable
{
    internal ViewerSession(Uri site, SessionId id, string user, string credential, DateTimeOffset expires, ECDsa key) =>
        (Site, Id, User, Credential, Expires, Key) = (site, id, user, credential, expires, key);

    /// <summary>The site that the viewer is signed in at.</summary>
    public Uri Site { get; }

    /// <summary>The session.</summary>
    public SessionId Id { get; }

    /// <summary>The viewer's name.</summary>
    public string User { get; }

    /// <summary>When the session ends.</summary>
    public DateTimeOffset Expires { get; }

    internal string Credential { get; }

    internal ECDsa Key { get; }

    /// <summary>Lets the key go.</summary>
    public void Dispose() => Key.Dispose();
}
