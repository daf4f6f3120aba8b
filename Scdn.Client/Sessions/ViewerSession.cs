using System.Security.Cryptography;
using Scdn.Client.Connections;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Sessions;

/// <summary>
/// A signed-in viewer: the site's credential and the key pair that it is bound to, without which it is worth nothing. <see cref="SessionFile"/> keeps it.
/// </summary>
public sealed class ViewerSession : IDisposable
{
    /// <summary>A session that was opened elsewhere for a key of this client, such as by a web site with its own accounts; <see cref="SiteClient"/> opens one itself.</summary>
    /// <param name="site">The site that the viewer is signed in at.</param>
    /// <param name="id">The session.</param>
    /// <param name="user">The viewer's name.</param>
    /// <param name="credential">The session credential.</param>
    /// <param name="expires">When the session ends.</param>
    /// <param name="key">The key that it is bound to, on P-256; disposed with this.</param>
    public ViewerSession(Uri site, SessionId id, string user, string credential, DateTimeOffset expires, ECDsa key) =>
        (Site, Id, User, Credential, Expires, Key) = (site, id, user, credential, expires, key);

    /// <summary>The site that the viewer is signed in at.</summary>
    public Uri Site { get; }

    /// <summary>How the site is known to be the right one.</summary>
    public SiteTrust Trust { get; init; } = SiteTrust.ByAuthority;

    /// <summary>Where else the site answers, and what it goes by there: asked when <see cref="Site"/> does not.</summary>
    public IReadOnlyList<ControlAddress> OtherSites { get; init; } = [];

    /// <summary>The session.</summary>
    public SessionId Id { get; }

    /// <summary>The viewer's name.</summary>
    public string User { get; }

    /// <summary>When the session ends.</summary>
    public DateTimeOffset Expires { get; }

    internal string Credential { get; }

    internal ECDsa Key { get; }

    /// <summary>The play that was asked for along with the session; null: none.</summary>
    internal BegunPlay? Begun { get; init; }

    /// <summary>Lets the key go.</summary>
    public void Dispose()
    {
        Key.Dispose();
        Begun?.Dispose();
    }
}
