using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Client.Connections;
using Scdn.Format;

namespace Scdn.Client.Sessions;

/// <summary>Keeps a viewer's session in a file that only its owner can read, so that the password is asked for once.</summary>
public static class SessionFile
{
    /// <summary>Writes the session, instead of what was there; whole or not at all.</summary>
    public static void Write(string path, ViewerSession session) => Write(path, BytesOf(session));

    /// <summary>The same. What the session is, is taken before this returns; the disk is written to meanwhile.</summary>
    public static Task WriteAsync(string path, ViewerSession session)
    {
        var bytes = BytesOf(session);
        return Task.Run(() => Write(path, bytes));
    }

    private static byte[] BytesOf(ViewerSession session)
    {
        var key = session.Key.ExportPkcs8PrivateKey();
        var stored = new StoredSession(session.Site, session.Id, session.User, session.Credential, session.Expires, key, session.OtherSites, session.Trust.Pins, session.Trust.InsecureHttp);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(stored, SiteJson.Default.StoredSession);
        CryptographicOperations.ZeroMemory(key);
        return bytes;
    }

    private static void Write(string path, byte[] bytes)
    {
        try
        {
            PrivateFile.ReplaceAmongWriters(path, bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>How a site was known to be the right one when the session in a file was opened there, be it over now; null when none was.</summary>
    public static SiteTrust? TrustOf(string path, Uri site)
    {
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), SiteJson.Default.StoredSession) is { } stored && stored.Site == site ? new(stored.Pins, stored.InsecureHttp) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads a session; null when there is none, when it has ended, or when the file is not one of these: then the viewer signs in again.</summary>
    public static ViewerSession? TryRead(string path, DateTimeOffset now)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var stored = JsonSerializer.Deserialize(File.ReadAllBytes(path), SiteJson.Default.StoredSession);
            if (stored is not { Site: not null, User: not null, Credential: not null, Key: not null } || stored.Expires <= now) return null;
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(stored.Key, out _);
            CryptographicOperations.ZeroMemory(stored.Key);
            return new(stored.Site, stored.Session, stored.User, stored.Credential, stored.Expires, key) { OtherSites = stored.OtherSites ?? [], Trust = new(stored.Pins, stored.InsecureHttp) };
        }
        catch (Exception error) when (error is JsonException or CryptographicException)
        {
            return null;
        }
    }
}
