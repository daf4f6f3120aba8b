namespace Scdn.Host.Hosting.Tls;

/// <summary>The owner's certificate and its key, in PEM.</summary>
/// <param name="Certificate">The certificate, with those in between it and its authority after it.</param>
/// <param name="Key">Its private key, without a passphrase.</param>
internal sealed record CertificateFiles(string Certificate, string Key);
