using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Scdn.Testing;

/// <summary>Certificates as owners get them: of an authority of the test's own, or signed by themselves.</summary>
public static class TestCertificates
{
    /// <summary>An authority.</summary>
    public static X509Certificate2 MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2000), DateTimeOffset.UtcNow.AddDays(2000));
    }

    /// <summary>A certificate for 127.0.0.1 with its key.</summary>
    /// <param name="authority">Who vouches for it; null: nobody else.</param>
    /// <param name="from">Days from now on when it begins.</param>
    /// <param name="until">Days from now on when it ends.</param>
    /// <param name="key">Its key; null: a fresh one.</param>
    public static X509Certificate2 Make(X509Certificate2? authority = null, int from = -1, int until = 90, ECDsa? key = null)
    {
        key ??= ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=host", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var (begin, end) = (DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(until));
        return authority is null ? request.CreateSelfSigned(begin, end) : request.Create(authority, begin, end, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
    }

    /// <summary>The private key in PEM.</summary>
    public static string KeyPem(this X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }
}
