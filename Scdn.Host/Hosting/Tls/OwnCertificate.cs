using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Scdn.Format;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Hosting.Tls;

/// <summary>
/// The certificate that a host makes for itself, signed by itself, under a key that it makes at the first start, together with the key's successor, of which it tells. The certificate is made anew, under the same key, well before it
/// ends, or when the host's addresses are others. The key changes when its owner moves the successor's file over it: whoever knew the host knew this key, too, and another successor is made.
/// </summary>
internal sealed class OwnCertificate
{
    /// <summary>How long one is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>So long before its end another is made.</summary>
    public static readonly TimeSpan RenewedBefore = TimeSpan.FromDays(60);

    /// <summary>Clocks of others may be behind.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromDays(1);

    private readonly string _path;
    private readonly string _name;
    private readonly string[] _hosts;
    private KeyPins? _seen;
    private DateTimeOffset _ends;

    public OwnCertificate(HostSettings settings)
    {
        // Control hosts share a data folder, so each has files of its own name; a content server is alone in its folder.
        _path = Path.Combine(settings.DataFolder, settings.IsControl ? Path.Combine("hosts", $"{settings.Name}.tls") : "server.tls");
        _name = settings.Name;
        _hosts = [.. new[] { settings.Listen, settings.PublicUri }.OfType<Uri>().Select(uri => uri.IdnHost).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The one that is kept, or another in its place when it is due; null when it is what it was the last time.</summary>
    /// <exception cref="HostStartException">A key's file holds none; the sentence says what to do.</exception>
    public ServedCertificate? ReadIfChanged(DateTimeOffset now)
    {
        // The successor first: were it moved over the key in between, another would be made and told beside the key from before, which nobody will ever be shown after that.
        using var next = ReadKey($"{_path}.next.key");
        var key = ReadKey($"{_path}.key");
        var pins = new KeyPins(KeyPin.Of(key), KeyPin.Of(next));
        if (pins == _seen && _ends - now >= RenewedBefore)
        {
            key.Dispose();
            return null;
        }

        var kept = TryRead(key);
        if (kept is null || kept.Ends() - now < RenewedBefore || kept.Begins() > now || !NamesAll(kept)) kept = Make(key, now);
        (_seen, _ends) = (pins, kept.Ends());
        return new(kept, [], pins.Successor);
    }

    private static ECDsa ReadKey(string path)
    {
        var pem = SecretFile.ReadOrMake(path, MakeKey);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Encoding.ASCII.GetString(pem));
            return key;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            throw new HostStartException($"{path} is not a private key in PEM: put the right file back, or delete it; who knows this host by that key then has to be told its new pin.", fault);
        }
    }

    private X509Certificate2? TryRead(ECDsa key)
    {
        try
        {
            return File.Exists($"{_path}.crt") ? X509Certificate2.CreateFromPem(File.ReadAllText($"{_path}.crt")).CopyWithPrivateKey(key) : null;
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            // Of another key, or no certificate: nothing is lost with it.
            return null;
        }
    }

    private X509Certificate2 Make(ECDsa key, DateTimeOffset now)
    {
        var request = new CertificateRequest($"CN={_name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in _hosts)
        {
            if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        var made = request.CreateSelfSigned(now - Skew, now + Lifetime);
        PrivateFile.Replace($"{_path}.crt", Encoding.ASCII.GetBytes(made.ExportCertificatePem() + "\n"));
        return made;
    }

    private bool NamesAll(X509Certificate2 certificate) => _hosts.All(host => certificate.MatchesHostname(host, allowWildcards: false, allowCommonName: false));

    private static byte[] MakeKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem());
    }
}
