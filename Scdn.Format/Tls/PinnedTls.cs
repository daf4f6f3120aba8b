using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Scdn.Format;

/// <summary>
/// Decides whether the other end of a TLS connection is the host that was meant, within the handshake, so before anything is sent. A host whose pins are known is known by its key alone: no authority's word counts against
/// it, nor a name or a date (as with TLSA usage 3). One of which none is known is vouched for by an authority that the system trusts, or refused. Nobody is trusted because he was there first.
/// </summary>
public static class PinnedTls
{
    /// <summary>What people can do about a host that is refused: the end of a sentence.</summary>
    public const string Compare = "compare with the pin that its operator tells you (its log and 'scdn cluster status --json' show it), and if it is the same, name it with --pin";

    // The framework reads them before it asks about any host, also one that is known by its key, and takes 0.1 s: so it does while the first connection is made.
    private static readonly Task SystemAuthorities = Task.Run(ReadSystemAuthorities);

    /// <summary>How a client speaks TLS with one host: 1.2 or 1.3.</summary>
    /// <param name="authority">The host's name and port, for the sentence.</param>
    /// <param name="pins">What it is known by: any of these; none: by an authority.</param>
    /// <param name="advice">What to do about a host that is refused: the end of a sentence.</param>
    /// <param name="refused">Told the sentence when it is refused, besides the exception.</param>
    public static SslClientAuthenticationOptions OptionsFor(string authority, IReadOnlyCollection<KeyPin> pins, string advice, Action<string>? refused = null) => OptionsFor(authority, () => pins, advice, refused);

    /// <summary>The same for a host of which more may become known between one connection and the next.</summary>
    /// <inheritdoc cref="OptionsFor(string, IReadOnlyCollection{KeyPin}, string, Action{string}?)"/>
    /// <param name="authority">The host's name and port, for the sentence.</param>
    /// <param name="pins">What it is known by now; either always none, or never.</param>
    /// <param name="advice">What to do about a host that is refused: the end of a sentence.</param>
    /// <param name="refused">Told the sentence when it is refused, besides the exception.</param>
    public static SslClientAuthenticationOptions OptionsFor(string authority, Func<IReadOnlyCollection<KeyPin>> pins, string advice, Action<string>? refused = null)
    {
        _ = SystemAuthorities;
        return new()
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            // Of one that is known by its key the chain says nothing, and is not looked up at an address that a stranger names.
            CertificateChainPolicy = pins().Count > 0 ? new() { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck } : null,
            RemoteCertificateValidationCallback = (_, shown, _, errors) => IsMeant(WhyNot(authority, shown as X509Certificate2, errors, pins(), advice), refused),
        };
    }

    /// <summary>Why a host was refused, when that is why a connection failed; else null.</summary>
    public static string? ReasonOf(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            if (fault is UntrustedHostException) return fault.Message;
        }

        return null;
    }

    private static void ReadSystemAuthorities()
    {
        try
        {
            using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
            foreach (var authority in store.Certificates) authority.Dispose();
        }
        catch (CryptographicException)
        {
            // There is nothing to read ahead of time.
        }
    }

    /// <summary>True, or the exception: a false would say no reason.</summary>
    private static bool IsMeant(string? whyNot, Action<string>? refused)
    {
        if (whyNot is null) return true;
        refused?.Invoke(whyNot);
        throw new UntrustedHostException(whyNot);
    }

    private static string? WhyNot(string authority, X509Certificate2? shown, SslPolicyErrors errors, IReadOnlyCollection<KeyPin> pins, string advice)
    {
        if (shown is null) return $"{authority} shows no certificate: {advice}.";
        var found = KeyPin.Of(shown);
        if (pins.Count > 0) return pins.Contains(found) ? null : $"{authority} shows another key than the one it is known by: expected {string.Join(" or ", pins)}, found {found}. Somebody may stand in between; {advice}.";
        return errors is SslPolicyErrors.None ? null : $"{authority} shows a certificate that {Fault(errors)}; its key's pin is {found}: {advice}.";
    }

    private static string Fault(SslPolicyErrors errors) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? "no authority vouches for that this system trusts" : "is for another name";
}

/// <summary>The other end of a TLS connection is not the host that was meant, as far as can be told; the message is the sentence for people.</summary>
/// <param name="message">The sentence.</param>
public sealed class UntrustedHostException(string message) : AuthenticationException(message);
