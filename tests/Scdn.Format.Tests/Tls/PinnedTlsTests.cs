using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Scdn.Testing;

namespace Scdn.Format.Tests.Tls;

/// <summary>Real handshakes over loopback.</summary>
[CancelAfter(60_000)]
internal sealed class PinnedTlsTests
{
    private const string Advice = "ask its owner";

    [Test]
    public async Task Takes_a_host_by_its_key_whoever_signed_and_whenever_it_ended(CancellationToken cancel)
    {
        using var certificate = TestCertificates.Make(from: -90, until: -1);
        Assert.That(await ConnectAsync(certificate, [KeyPin.Of(certificate)], null, cancel), Is.Null);
    }

    [Test]
    public async Task Refuses_another_key_and_names_both(CancellationToken cancel)
    {
        using var expected = TestCertificates.Make();
        using var shown = TestCertificates.Make();
        var sentence = await ConnectAsync(shown, [KeyPin.Of(expected)], null, cancel);
        Assert.That(sentence, Does.Contain($"expected {KeyPin.Of(expected)}, found {KeyPin.Of(shown)}").And.Contain(Advice));
    }

    [Test]
    public async Task Refuses_another_key_also_when_an_authority_vouches_for_it(CancellationToken cancel)
    {
        using var authority = TestCertificates.MakeAuthority();
        using var expected = TestCertificates.Make();
        using var shown = TestCertificates.Make(authority);
        var unpinned = await ConnectAsync(shown, [], authority, cancel);
        var pinned = await ConnectAsync(shown, [KeyPin.Of(expected)], authority, cancel);
        Assert.That((unpinned, pinned is not null), Is.EqualTo((default(string), true)));
    }

    [Test]
    public async Task Without_a_pin_refuses_whom_no_authority_vouches_for_and_shows_the_pin(CancellationToken cancel)
    {
        using var shown = TestCertificates.Make();
        Assert.That(await ConnectAsync(shown, [], null, cancel), Does.Contain("no authority vouches for").And.Contain(KeyPin.Of(shown).ToString()).And.Contain(Advice));
    }

    [Test]
    public async Task Without_a_pin_refuses_a_certificate_for_another_name(CancellationToken cancel)
    {
        using var authority = TestCertificates.MakeAuthority();
        using var shown = TestCertificates.Make(authority);
        Assert.That(await ConnectAsync(shown, [], authority, cancel, name: "elsewhere.example"), Does.Contain("is for another name"));
    }

    [Test]
    public async Task Speaks_nothing_older_than_TLS_1_2()
    {
        var options = PinnedTls.OptionsFor("host", [], Advice);
        await Task.CompletedTask;
        Assert.That(options.EnabledSslProtocols, Is.EqualTo(SslProtocols.Tls12 | SslProtocols.Tls13));
    }

    /// <summary>Why the client refused; null when it did not, and a byte got through.</summary>
    private static async Task<string?> ConnectAsync(X509Certificate2 shown, KeyPin[] pins, X509Certificate2? authority, CancellationToken cancel, string name = "127.0.0.1")
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, shown, cancel);
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancel);
        await using var tls = new SslStream(client.GetStream());
        string? told = null;
        var options = PinnedTls.OptionsFor("the-host:1", pins, Advice, sentence => told = sentence);
        options.TargetHost = name;
        if (authority is not null) options.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            await tls.AuthenticateAsClientAsync(options, cancel);
            await tls.WriteAsync(new byte[] { 1 }, cancel);
        }
        catch (AuthenticationException refused)
        {
            Assert.That((PinnedTls.ReasonOf(refused), told), Is.EqualTo((told, told)));
            tls.Close();
            client.Close();
            Assert.That(await serving, Is.Zero, "Something was sent.");
            return told;
        }

        Assert.That(await serving, Is.EqualTo(1));
        return null;
    }

    /// <summary>How many bytes came.</summary>
    private static async Task<int> ServeAsync(TcpListener listener, X509Certificate2 shown, CancellationToken cancel)
    {
        using var client = await listener.AcceptTcpClientAsync(cancel);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = shown }, cancel);
            return await tls.ReadAsync(new byte[1], cancel);
        }
        catch (Exception fault) when (fault is IOException or AuthenticationException)
        {
            return 0;
        }
    }
}
