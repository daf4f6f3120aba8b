using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Scdn.Format;

namespace Scdn.Host.Hosting.Trust;

/// <summary>The key pair with which this host proves itself to other hosts; made at its first start and kept in its data folder.</summary>
internal sealed class HostKey : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ECDsa _key;

    public HostKey(HostSettings settings, TimeProvider time)
    {
        _time = time;
        // Control hosts share a data folder, so each has a file of its own name; a content server is alone in its folder.
        var path = Path.Combine(settings.DataFolder, settings.IsControl ? Path.Combine("hosts", $"{settings.Name}.key") : "server.key");
        var pem = SecretFile.ReadOrMake(path, MakePem);
        _key = ECDsa.Create();
        try
        {
            _key.ImportFromPem(Encoding.ASCII.GetString(pem));
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            throw new HostStartException($"{path} is not a private key in PEM: put the right file back, or delete it and let the host join anew.", fault);
        }

        Public = JsonWebKey.Of(_key);
    }

    /// <summary>The public half, by which others know this host.</summary>
    public JsonWebKey Public { get; }

    /// <summary>The public half as it is kept in a grain.</summary>
    public JsonElement PublicJson => JsonSerializer.SerializeToElement(Public, HostJson.Options);

    /// <summary>Proof for one request to another host.</summary>
    public string Prove(HttpMethod method, Uri url, string? accessToken, ReadOnlySpan<byte> body) =>
        Proof.Create(_key, method.Method, url, accessToken, body, _time.GetUtcNow());

    public void Dispose() => _key.Dispose();

    private static byte[] MakePem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem());
    }
}
