using System.Security.Cryptography.X509Certificates;

namespace Scdn.Host.Hosting.Tls;

/// <summary>From when and until when a certificate is good, as instants: it tells them in local time.</summary>
internal static class Validity
{
    public static DateTimeOffset Begins(this X509Certificate2 certificate) => new(certificate.NotBefore);

    public static DateTimeOffset Ends(this X509Certificate2 certificate) => new(certificate.NotAfter);
}
