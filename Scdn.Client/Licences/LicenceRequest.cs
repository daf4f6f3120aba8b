using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Client.Sessions;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Licences;

/// <summary>
/// One play: a key pair that nobody but this process ever sees the private half of, and the id under which the play is counted once, however often it is asked for.
/// </summary>
internal sealed class LicenceRequest : IDisposable
{
    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    /// <param name="content">What is to be played.</param>
    /// <param name="countsSeeks">Whether the player asks for each seek whether one is left.</param>
    /// <param name="play">The play that is gone on with; null: a new one.</param>
    public LicenceRequest(ContentId content, bool countsSeeks = false, Guid? play = null)
    {
        var viewerKey = JsonSerializer.SerializeToElement(JsonWebKey.Of(_key), SiteJson.Default.JsonWebKey);
        Request = new(content, viewerKey, play ?? Guid.NewGuid(), CountsSeeks: countsSeeks ? true : null);
    }

    public PlayRequest Request { get; }

    /// <summary>Checks that the answer is about what was asked, that its header is the one it names, and unwraps the licence.</summary>
    /// <exception cref="LicenceException">It is not.</exception>
    /// <exception cref="HeaderException">The header is no header, or damaged.</exception>
    public (Header Header, LicenceClaims? Licence) Open(PlayAnswer answer, DateTimeOffset now)
    {
        var header = Header.Parse(answer.Header);
        if (answer.Content != Request.Content || header.Content != Request.Content)
            throw new LicenceException($"The site answered for another content than {Request.Content}: nothing is played.");
        if (!header.Hash.AsSpan().SequenceEqual(answer.HeaderHash) || header.Version != answer.Version)
            throw new LicenceException($"The header of content {Request.Content} is not the one that the site names (version {answer.Version}): nothing is played.");
        if (!header.IsSealed) return (header, null);
        var licence = Unwrap(answer.Licence);
        if (licence.Content != Request.Content) throw new LicenceException($"The licence is for another content than {Request.Content}.");
        if (licence.Expires <= now) throw new LicenceException($"The licence for content {Request.Content} ended at {licence.Expires:u}: check this machine's clock.");
        return (header, licence);
    }

    public void Dispose() => _key.Dispose();

    private LicenceClaims Unwrap(string? token)
    {
        if (token is null) throw new LicenceException($"Content {Request.Content} is protected, and the site gave no licence for it.");
        if (!Jwe.TryDecrypt(_key, token, out var payload)) throw new LicenceException("The licence is not wrapped for this viewer.");
        try
        {
            return JsonSerializer.Deserialize(payload, SiteJson.Default.LicenceClaims) ?? throw new LicenceException("The licence is empty.");
        }
        catch (JsonException)
        {
            throw new LicenceException("The licence can't be read: is the site of a newer version?");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(payload);
        }
    }
}
