using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Scdn.Format;

namespace Scdn.Host.Hosting.Tls;

/// <summary>What a host shows to whoever connects, and how: TLS 1.2 or 1.3.</summary>
internal sealed class ServedCertificate
{
    /// <param name="leaf">The certificate, with its private key.</param>
    /// <param name="between">Those between it and its authority, which are sent along.</param>
    /// <param name="successor">The key that comes after its key; null: that is not known.</param>
    public ServedCertificate(X509Certificate2 leaf, X509Certificate2Collection between, KeyPin? successor)
    {
        var pin = KeyPin.Of(leaf);
        (Ends, Pins) = (leaf.Ends(), new(pin, successor == pin ? null : successor));
        Options = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, between, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        };
    }

    /// <summary>When it ends.</summary>
    public DateTimeOffset Ends { get; }

    /// <summary>What the host goes by.</summary>
    public KeyPins Pins { get; }

    /// <summary>How connections are taken.</summary>
    public SslServerAuthenticationOptions Options { get; }
}
