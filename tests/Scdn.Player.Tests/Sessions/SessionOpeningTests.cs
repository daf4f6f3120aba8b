using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Scdn.Client.Sessions;
using Scdn.Format;
using Scdn.Player.Sessions;
using Scdn.Testing;

namespace Scdn.Player.Tests.Sessions;

/// <summary>A site that takes one connection, and tells what it is asked over that first.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SessionOpeningTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly X509Certificate2 _certificate = TestCertificates.Make();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Uri _site;

    public SessionOpeningTests()
    {
        _listener.Start();
        _site = new($"https://{_listener.LocalEndpoint}");
    }

    private KeyPins Pins => new(KeyPin.Of(_certificate));

    private string SessionPath => _folder["session.json"];

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Connects_while_the_password_is_typed(CancellationToken cancel)
    {
        var opening = new SessionOpening(_site, "anna", SessionPath, TypeAsync) { SignInAnew = true, Trust = new(Pins) };
        Assert.That(await FirstAskedAsync(opening, async site => await site.GetContentsAsync(cancel), cancel), Is.EqualTo("POST /v1/site/sign-in HTTP/1.1"));
    }

    [Test]
    public async Task Connects_by_what_a_site_was_known_by_before(CancellationToken cancel)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var session = new ViewerSession(_site, SessionId.New(), "anna", "the-credential", DateTimeOffset.UtcNow.AddDays(1), key) { Trust = new(Pins) };
        SessionFile.Write(SessionPath, session);
        var opening = new SessionOpening(_site, null, SessionPath, (_, _) => throw new AssertionException("A password was asked for."));

        var asked = FirstAskedAsync(
            opening,
            async site =>
            {
                await _connected.Task.WaitAsync(cancel);
                await site.GetContentsAsync(cancel);
            },
            cancel);

        Assert.That(await asked, Is.EqualTo("GET /v1/site/contents HTTP/1.1"));
    }

    private async Task<string> TypeAsync(string user, CancellationToken cancel)
    {
        await _connected.Task.WaitAsync(cancel);
        return "a long password";
    }

    private async Task<string?> FirstAskedAsync(SessionOpening opening, Func<SiteClient, Task> ask, CancellationToken cancel)
    {
        opening.Dial(TimeProvider.System);
        var used = opening.UseAsync(
            async (site, _) =>
            {
                await ask(site);
                return true;
            },
            TimeProvider.System,
            cancel);

        using var connection = await _listener.AcceptTcpClientAsync(cancel);
        // There is no other one to be had.
        _listener.Stop();
        await using var tls = new SslStream(connection.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, cancel);
        _connected.SetResult();
        using var lines = new StreamReader(tls);
        var first = await lines.ReadLineAsync(cancel);
        connection.Close();
        Assert.That(async () => await used, Throws.InstanceOf<SiteException>());
        return first;
    }
}
