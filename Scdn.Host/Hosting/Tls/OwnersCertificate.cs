using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Scdn.Format;

namespace Scdn.Host.Hosting.Tls;

/// <summary>The certificate that the owner gives: read whenever its files are others than before.</summary>
internal sealed class OwnersCertificate(CertificateFiles files, KeyPin? successor)
{
    private byte[] _seen = [];

    /// <summary>What the files hold when that is not what they held the last time; null when it is.</summary>
    /// <exception cref="HostStartException">They hold nothing that can be shown; the sentence says why.</exception>
    public ServedCertificate? ReadIfChanged(DateTimeOffset now)
    {
        var (certificate, key) = (ReadFile(files.Certificate), ReadFile(files.Key));
        var hash = SHA256.HashData([.. SHA256.HashData(certificate), .. SHA256.HashData(key)]);
        if (hash.AsSpan().SequenceEqual(_seen)) return null;
        _seen = hash;
        return Parse(Encoding.UTF8.GetString(certificate), Encoding.UTF8.GetString(key), now);
    }

    private ServedCertificate Parse(string certificate, string key, DateTimeOffset now)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(certificate);
        }
        catch (CryptographicException fault)
        {
            throw new HostStartException($"The file {files.Certificate} holds a certificate that can't be read ({fault.Message.TrimEnd('.')}): name a certificate in PEM with --certificate.", fault);
        }

        if (all.Count == 0) throw new HostStartException($"The file {files.Certificate} holds no certificate: name a certificate in PEM with --certificate.");
        if (key.Contains("ENCRYPTED PRIVATE KEY", StringComparison.Ordinal)) throw new HostStartException($"The key in {files.Key} has a passphrase, for which a host can't be asked: name a file without one, that only its owner can read, with --certificate-key.");
        if (!PemEncoding.TryFind(key, out var found) || !key[found.Label].EndsWith("PRIVATE KEY", StringComparison.Ordinal)) throw new HostStartException($"The file {files.Key} holds no private key: name one in PEM with --certificate-key.");
        var leaf = WithKey(certificate, key);
        if (leaf.Ends() <= now) throw new HostStartException($"The certificate in {files.Certificate} ended on {leaf.Ends().UtcDateTime:yyyy-MM-dd}: name one that is good now with --certificate.");
        if (leaf.Begins() > now) throw new HostStartException($"The certificate in {files.Certificate} is good from {leaf.Begins().UtcDateTime:yyyy-MM-dd} on only: name one that is good now with --certificate, or set the clock.");
        all.RemoveAt(0);
        return new(leaf, all, successor);
    }

    private X509Certificate2 WithKey(string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new HostStartException($"The key in {files.Key} is not the one of the certificate in {files.Certificate}: name two that belong together.", fault);
        }
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HostStartException($"The file {path} can't be read ({fault.Message.TrimEnd('.')}): let this user read it, or name another.", fault);
        }
    }
}
