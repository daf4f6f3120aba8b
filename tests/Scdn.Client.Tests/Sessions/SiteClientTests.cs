using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Client.Connections;
using Scdn.Client.Downloads;
using Scdn.Client.Licences;
using Scdn.Client.Sessions;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Testing;

namespace Scdn.Client.Tests.Sessions;

[CancelAfter(60_000)]
internal sealed class SiteClientTests
{
    private readonly FakeTime _time = new();
    private readonly TempFolder _folder = new();
    private HttpListener _listener = null!;
    private readonly List<(string Path, string? Authorization, string? Proof, byte[] Body)> _asked = [];
    private Uri _site = null!;
    private Func<string, (int Status, string Type, byte[] Body)> _answer = _ => (404, "application/problem+json", []);

    [SetUp]
    public void Listen()
    {
        _listener = Listen(out _site);
        _ = ServeAsync(_listener, path => _answer(path), _asked);
    }

    [TearDown]
    public void Remove()
    {
        _listener.Close();
        _folder.Dispose();
    }

    [Test]
    public async Task Signs_in_with_a_proof_of_its_own_key()
    {
        AnswerSignIn();

        using var session = await SignInAsync();

        var (_, authorization, proof, body) = _asked.Single();
        var check = Proof.Check(proof, "POST", new(_site, "/v1/site/sign-in"), null, body, _time.GetUtcNow(), TimeSpan.FromSeconds(5));
        Assert.That(check.Fault, Is.Null);
        Assert.That(authorization, Is.Null);
        Assert.That((session.User, session.Site), Is.EqualTo(("anna", _site)));
    }

    [Test]
    public async Task Shows_the_credential_with_a_fresh_proof_of_the_same_key()
    {
        AnswerSignIn();
        using var session = await SignInAsync();
        _answer = _ => (200, "application/json", "[]"u8.ToArray());
        var site = new SiteClient(session, _time);

        Assert.That(await site.GetContentsAsync(CancellationToken.None), Is.Empty);

        var first = Proof.Check(_asked[0].Proof, "POST", new(_site, "/v1/site/sign-in"), null, _asked[0].Body, _time.GetUtcNow(), TimeSpan.FromSeconds(5));
        var second = Proof.Check(_asked[1].Proof, "GET", new(_site, "/v1/site/contents"), "the-credential", [], _time.GetUtcNow(), TimeSpan.FromSeconds(5));
        Assert.That(_asked[1].Authorization, Is.EqualTo("DPoP the-credential"));
        Assert.That(second.Thumbprint, Is.EqualTo(first.Thumbprint));
        Assert.That(second.Id, Is.Not.EqualTo(first.Id));
    }

    [Test]
    public async Task Says_what_the_site_says()
    {
        _answer = _ => (401, "application/problem+json", """{"title":"Unauthorized","detail":"The name or the password is wrong."}"""u8.ToArray());

        var error = await Assert.ThrowsAsync<SiteException>(async () => await SignInAsync());

        Assert.That((error!.Message, error.IsUnauthorized, error.IsTransient), Is.EqualTo(("The name or the password is wrong.", true, false)));
    }

    [Test]
    public async Task Asks_over_a_connection_that_was_begun_before(CancellationToken cancel)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var site = new Uri($"http://{listener.LocalEndpoint}");

        SiteClient.Dial(site, SiteTrust.ByAuthority);
        using var connection = await listener.AcceptTcpClientAsync(cancel);
        // No other one can be made.
        listener.Stop();
        _ = SiteClient.SignInAsync(site, "anna", "a password", _time, cancel);

        using var lines = new StreamReader(connection.GetStream());
        Assert.That(await lines.ReadLineAsync(cancel), Is.EqualTo("POST /v1/site/sign-in HTTP/1.1"));
    }

    [Test]
    public async Task Leaves_a_connection_alone_that_there_is(CancellationToken cancel)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var site = new Uri($"http://{listener.LocalEndpoint}");
        var signingIn = SiteClient.SignInAsync(site, "anna", "a password", _time, cancel);
        using var connection = await listener.AcceptTcpClientAsync(cancel);
        using var lines = new StreamReader(connection.GetStream());
        await RequestAsync();
        await connection.GetStream().WriteAsync("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), cancel);
        Assert.That(async () => await signingIn, Throws.InstanceOf<SiteException>());

        SiteClient.Dial(site, SiteTrust.ByAuthority);
        _ = SiteClient.SignInAsync(site, "bert", "a password", _time, cancel);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await RequestAsync(), Does.Contain("bert"));
            Assert.That(listener.Pending(), Is.False);
        }

        // To the end of its body.
        async Task<string> RequestAsync()
        {
            var buffer = new char[4096];
            var text = "";
            while (!text.EndsWith('}') && await lines.ReadAsync(buffer, cancel) is > 0 and var count) text += new string(buffer, 0, count);
            return text;
        }
    }

    [Test]
    public async Task Says_that_the_site_cannot_be_reached()
    {
        _listener.Close();

        var error = await Assert.ThrowsAsync<SiteException>(async () => await SignInAsync());

        Assert.That((error!.Status, error.IsTransient), Is.EqualTo(((HttpStatusCode?)null, true)));
        Assert.That(error.Message, Does.Contain("can't be reached"));
    }

    [Test]
    public void Says_that_what_answers_is_no_site()
    {
        _answer = _ => (200, "text/html", "<html>"u8.ToArray());

        Assert.That(async () => await SignInAsync(), Throws.InstanceOf<SiteException>().With.Message.Contains("not what a contents site says"));
    }

    [Test]
    public async Task Plays_by_one_request_and_renews_it_under_the_same_play()
    {
        using var content = await TestContent.MakeAsync(200_000);
        AnswerSignIn();
        using var session = await SignInAsync();
        var site = new SiteClient(session, _time);
        _answer = _ => AnswerPlay(content);

        var grant = await site.PlayAsync(content.Header.Content, CancellationToken.None);
        var renewed = await grant.RenewAsync!(CancellationToken.None);

        var plays = _asked.Skip(1).Select(asked => JsonSerializer.Deserialize(asked.Body, SiteJson.Default.PlayRequest)!.Play).ToList();
        Assert.That(plays, Has.Count.EqualTo(2));
        Assert.That(plays[0], Is.EqualTo(plays[1]));
        Assert.That(_asked.Skip(1).Select(asked => JsonSerializer.Deserialize(asked.Body, SiteJson.Default.PlayRequest)!.Version), Is.EqualTo(new int?[] { null, 1 }));
        Assert.That(grant.Manifest.Sha256.AsSpan().SequenceEqual(content.Manifest.Sha256.AsSpan()));
        Assert.That(renewed.AuthenticationKey, Is.EqualTo("the-key"));
    }

    [Test]
    public async Task Says_of_a_play_that_has_a_place_that_it_goes_on_and_that_it_has_ended()
    {
        using var content = await TestContent.MakeAsync(200_000);
        AnswerSignIn();
        using var session = await SignInAsync();
        _answer = path => path.EndsWith("/play", StringComparison.Ordinal)
            ? (200, "application/json", JsonSerializer.SerializeToUtf8Bytes(AnswerFor(content) with { KeepEverySeconds = 20 }, SiteJson.Default.PlayAnswer))
            : (204, "application/json", []);

        var place = (await new SiteClient(session, _time).PlayAsync(content.Header.Content, CancellationToken.None)).Place!;
        await place.KeepAsync(CancellationToken.None);
        await place.EndAsync(CancellationToken.None);

        var play = JsonSerializer.Deserialize(_asked[^3].Body, SiteJson.Default.PlayRequest)!;
        Assert.That(place.KeepEvery, Is.EqualTo(TimeSpan.FromSeconds(20)));
        Assert.That(_asked.TakeLast(2).Select(asked => asked.Path), Is.EqualTo(new[] { "/v1/site/plays/keep", "/v1/site/plays/end" }));
        Assert.That(_asked.TakeLast(2).Select(asked => JsonSerializer.Deserialize(asked.Body, SiteJson.Default.PlayNotice)), Is.All.EqualTo(new PlayNotice(play.Content, play.Play)));
    }

    [Test]
    public async Task Has_no_place_to_keep_where_the_site_counts_no_streams()
    {
        using var content = await TestContent.MakeAsync(200_000);

        Assert.That((await PlayAsync(content)).Place, Is.Null);
    }

    [Test]
    public async Task Signs_in_on_a_device_with_the_same_key_each_time()
    {
        AnswerSignIn();
        string[] thumbprints = [await ThumbprintAsync("device.key"), await ThumbprintAsync("device.key"), await ThumbprintAsync("another.key")];

        Assert.That(thumbprints[0], Is.EqualTo(thumbprints[1]).And.Not.EqualTo(thumbprints[2]));

        async Task<string> ThumbprintAsync(string file)
        {
            using var device = DeviceKey.LoadOrCreate(_folder[file]);
            using var session = await SiteClient.SignInAsync(_site, "anna", "a long password", device, _time, CancellationToken.None);
            return Proof.Check(_asked[^1].Proof, "POST", new(_site, "/v1/site/sign-in"), null, _asked[^1].Body, _time.GetUtcNow(), TimeSpan.FromSeconds(5)).Thumbprint!;
        }
    }

    [Test]
    public async Task Plays_nothing_from_a_header_older_than_the_one_that_the_site_names()
    {
        using var content = await TestContent.MakeAsync(200_000);
        using var publisher = PublisherKey.Generate();
        var newer = Header.Parse(HeaderWriter.Write(content.Header.Content, 2, content.Manifest, content.Header.Parts, content.Key, publisher));
        AnswerSignIn();
        using var session = await SignInAsync();
        _answer = _ => (200, "application/json", JsonSerializer.SerializeToUtf8Bytes(AnswerFor(content) with { Version = 2, HeaderHash = [.. newer.Hash] }, SiteJson.Default.PlayAnswer));

        Assert.That(async () => await new SiteClient(session, _time).PlayAsync(content.Header.Content, CancellationToken.None), Throws.InstanceOf<LicenceException>().With.Message.Contains("version 2"));
    }

    [Test]
    public async Task Says_what_the_site_says_when_the_version_that_plays_is_kept_no_longer()
    {
        using var content = await TestContent.MakeAsync(200_000);
        var grant = await PlayAsync(content);
        _answer = _ => (409, "application/problem+json", """{"detail":"It was published anew: start it again."}"""u8.ToArray());

        Assert.That(
            async () => await grant.RenewAsync!(CancellationToken.None),
            Throws.InstanceOf<NetworkException>().With.Message.EqualTo("It was published anew: start it again.").And.Property("IsTransient").False);
    }

    [TestCase(503)]
    [TestCase(0)]
    public async Task Asks_another_host_of_the_site_when_the_first_fails_and_stays_there(int status)
    {
        using var second = Listen(out var other);
        var askedThere = 0;
        _ = ServeAsync(second, _ =>
        {
            askedThere++;
            return (200, "application/json", "[]"u8.ToArray());
        });
        _answer = _ => (200, "application/json", JsonSerializer.SerializeToUtf8Bytes(new(SessionId.New(), "the-credential", _time.GetUtcNow().AddHours(1), [new(_site), new(other)]), SiteJson.Default.SignInAnswer));
        using var signedIn = await SignInAsync();
        SessionFile.Write(_folder["session.json"], signedIn);
        using var session = SessionFile.TryRead(_folder["session.json"], _time.GetUtcNow())!;
        var site = new SiteClient(session, _time);
        _answer = _ => (status, "application/problem+json", "{}"u8.ToArray());
        if (status == 0) _listener.Close();

        await site.GetContentsAsync(CancellationToken.None);
        await site.GetContentsAsync(CancellationToken.None);

        Assert.That((session.OtherSites.Single().Uri, askedThere, _asked.Count), Is.EqualTo((other, 2, status == 0 ? 1 : 2)));
    }

    [Test]
    public async Task Does_not_wait_for_long_for_a_host_that_is_silent_when_there_is_another()
    {
        using var silent = Listen(out var other);
        AnswerSignIn();
        using var signedIn = await SiteClient.SignInAsync(_site, "anna", "a long password", _time, CancellationToken.None);
        using var session = new ViewerSession(other, signedIn.Id, "anna", "the-credential", signedIn.Expires, ECDsa.Create(ECCurve.NamedCurves.nistP256)) { OtherSites = [new(_site)] };
        _answer = _ => (200, "application/json", "[]"u8.ToArray());
        var asking = new SiteClient(session, _time).GetContentsAsync(CancellationToken.None);
        await _time.UntilArmedWithinAsync(TimeSpan.FromSeconds(3));

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.That(await asking, Is.Empty);
    }

    [Test]
    public void Does_not_go_from_another_machine_to_a_site_on_loopback()
    {
        // What is told of loopback is the site's own machine.
        Assert.That(
            SiteClient.OthersOf(new("https://site.example:7400"), [new(new("http://127.0.0.1:7400")), new(new("https://two.example")), new(new("https://site.example:7400"))]),
            Is.EqualTo([new ControlAddress(new("https://two.example"))]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Goes_to_another_host_of_the_site_in_plain_http_off_loopback_only_when_told(bool insecure) =>
        Assert.That(SiteClient.OthersOf(new("https://site.example"), [new(new("http://two.example"))], insecure), Has.Count.EqualTo(insecure ? 1 : 0));

    [Test]
    public void Asks_no_site_in_plain_http_off_loopback_unless_told() =>
        Assert.That(
            async () => await SiteClient.SignInAsync(new("http://site.example:7400"), "anna", "a long password", _time, CancellationToken.None),
            Throws.InstanceOf<SiteException>().With.Message.EqualTo("http://site.example:7400 is plain http off loopback, where others can listen in: say https, or --insecure-http where nobody can."));

    [Test]
    public async Task Says_that_renewal_answered_with_another_header()
    {
        using var content = await TestContent.MakeAsync(200_000);
        using var successor = await TestContent.MakeAsync(200_000);
        var grant = await PlayAsync(content);
        _answer = _ => (200, "application/json", JsonSerializer.SerializeToUtf8Bytes(AnswerFor(content) with { Version = 2, HeaderHash = [.. successor.Header.Hash] }, SiteJson.Default.PlayAnswer));

        Assert.That(
            async () => await grant.RenewAsync!(CancellationToken.None),
            Throws.InstanceOf<NetworkException>().With.Message.Contains("another header").And.Property("IsTransient").False);
    }

    [Test]
    public async Task Says_that_the_content_was_withdrawn_when_renewal_knows_it_no_more()
    {
        using var content = await TestContent.MakeAsync(200_000);
        var grant = await PlayAsync(content);
        _answer = _ => (404, "application/problem+json", "{}"u8.ToArray());

        Assert.That(async () => await grant.RenewAsync!(CancellationToken.None), Throws.InstanceOf<NetworkException>().With.Message.Contains("was withdrawn"));
    }

    [Test]
    public async Task Goes_on_with_a_session_that_was_kept()
    {
        AnswerSignIn();
        var file = _folder["session.json"];
        using (var session = await SignInAsync()) SessionFile.Write(file, session);

        using var kept = SessionFile.TryRead(file, _time.GetUtcNow())!;
        _answer = _ => (200, "application/json", "[]"u8.ToArray());
        var site = new SiteClient(kept, _time);
        await site.GetContentsAsync(CancellationToken.None);

        var proof = Proof.Check(_asked[1].Proof, "GET", new(_site, "/v1/site/contents"), "the-credential", [], _time.GetUtcNow(), TimeSpan.FromSeconds(5));
        Assert.That(proof.Fault, Is.Null);
        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task Has_no_session_when_it_ended_or_the_file_is_something_else()
    {
        AnswerSignIn();
        var file = _folder["session.json"];
        using (var session = await SignInAsync()) SessionFile.Write(file, session);

        Assert.That(SessionFile.TryRead(file, _time.GetUtcNow().AddHours(2)), Is.Null);
        Assert.That(SessionFile.TryRead(_folder.Write("other", "not JSON"), _time.GetUtcNow()), Is.Null);
        Assert.That(SessionFile.TryRead(_folder["none"], _time.GetUtcNow()), Is.Null);
    }

    [Test]
    public async Task A_play_that_is_asked_for_along_with_the_sign_in_asks_nothing_further()
    {
        using var content = await TestContent.MakeAsync(200_000);
        _answer = _ => AnswerSignIn(new(AnswerFor(content, SignInAsked().Play!), null));
        using var session = await SignInToPlayAsync(content);
        var site = new SiteClient(session, _time);

        var grant = await site.PlayAsync(content.Header.Content, CancellationToken.None);
        Assert.That((grant.Access.AuthenticationKey, _asked.Count), Is.EqualTo(("the-key", 1)));

        _answer = _ => AnswerPlay(content);
        await site.PlayAsync(content.Header.Content, CancellationToken.None);
        Assert.That(_asked, Has.Count.EqualTo(2), "A second play is another play.");
    }

    [Test]
    public async Task A_play_that_was_refused_along_with_the_sign_in_says_why_when_it_is_played_and_the_session_is_open()
    {
        using var content = await TestContent.MakeAsync(200_000);
        _answer = _ => AnswerSignIn(new(null, new(403, "No plays are left.")));
        using var session = await SignInToPlayAsync(content);

        Assert.That(
            async () => await new SiteClient(session, _time).PlayAsync(content.Header.Content, CancellationToken.None),
            Throws.InstanceOf<SiteException>().With.Message.EqualTo("No plays are left.").And.Property("Status").EqualTo(HttpStatusCode.Forbidden));
        Assert.That(_asked, Has.Count.EqualTo(1));
    }

    [TestCase(503)]
    [TestCase(null)]
    public async Task A_play_that_could_not_be_begun_along_with_the_sign_in_is_asked_for_by_itself(int? status)
    {
        using var content = await TestContent.MakeAsync(200_000);
        _answer = _ => AnswerSignIn(new(null, status is { } refused ? new(refused, "Not now.") : null));
        using var session = await SignInToPlayAsync(content);
        var first = SignInAsked().Play!.Play;
        _answer = _ => AnswerPlay(content);

        var grant = await new SiteClient(session, _time).PlayAsync(content.Header.Content, CancellationToken.None);
        Assert.That((grant.Access.AuthenticationKey, _asked.Count), Is.EqualTo(("the-key", 2)));
        Assert.That(JsonSerializer.Deserialize(_asked[^1].Body, SiteJson.Default.PlayRequest)!.Play, Is.EqualTo(first), "It is the same play.");
    }

    [Test]
    public async Task A_play_that_was_begun_too_long_ago_is_asked_for_again()
    {
        using var content = await TestContent.MakeAsync(200_000);
        _answer = _ => AnswerSignIn(new(AnswerFor(content, SignInAsked().Play!), null));
        using var session = await SignInToPlayAsync(content);
        _answer = _ => AnswerPlay(content);
        _time.Advance(TimeSpan.FromHours(1));

        await new SiteClient(session, _time).PlayAsync(content.Header.Content, CancellationToken.None);
        Assert.That(_asked, Has.Count.EqualTo(2));
    }

    private void AnswerSignIn() => _answer = _ =>
        (200, "application/json", JsonSerializer.SerializeToUtf8Bytes(new(SessionId.New(), "the-credential", _time.GetUtcNow().AddHours(1)), SiteJson.Default.SignInAnswer));

    private async Task<PlayGrant> PlayAsync(TestContent content)
    {
        AnswerSignIn();
        // Not disposed of: the grant renews itself with it.
        var session = await SignInAsync();
        _answer = _ => AnswerPlay(content);
        return await new SiteClient(session, _time).PlayAsync(content.Header.Content, CancellationToken.None);
    }

    private (int Status, string Type, byte[] Body) AnswerPlay(TestContent content) =>
        (200, "application/json", JsonSerializer.SerializeToUtf8Bytes(AnswerFor(content), SiteJson.Default.PlayAnswer));

    private (int Status, string Type, byte[] Body) AnswerSignIn((PlayAnswer? Answer, PlayRefusal? Refusal) play) => (200, "application/json", JsonSerializer.SerializeToUtf8Bytes(
        new(SessionId.New(), "the-credential", _time.GetUtcNow().AddHours(1), Play: play.Answer, PlayRefused: play.Refusal), SiteJson.Default.SignInAnswer));

    private SignInRequest SignInAsked() => JsonSerializer.Deserialize(_asked[^1].Body, SiteJson.Default.SignInRequest)!;

    private Task<ViewerSession> SignInToPlayAsync(TestContent content) =>
        SiteClient.SignInToPlayAsync(_site, SiteTrust.ByAuthority, "anna", "a long password", null, content.Header.Content, countsSeeks: false, _time, CancellationToken.None);

    private PlayAnswer AnswerFor(TestContent content) => AnswerFor(content, JsonSerializer.Deserialize(_asked[^1].Body, SiteJson.Default.PlayRequest)!);

    private PlayAnswer AnswerFor(TestContent content, PlayRequest request)
    {
        var claims = new LicenceClaims(content.Header.Content, content.Key!.Bytes.ToArray(), _time.GetUtcNow().AddHours(1), null);
        var viewer = request.ViewerKey.Deserialize(SiteJson.Default.JsonWebKey)!;
        var licence = Jwe.Encrypt(viewer, JsonSerializer.SerializeToUtf8Bytes(claims, SiteJson.Default.LicenceClaims));
        return new(content.Header.Content, 1, [.. content.Header.Hash], content.Header.File.ToArray(), "the-key", _time.GetUtcNow().AddHours(1), licence, []);
    }

    private Task<ViewerSession> SignInAsync() => SiteClient.SignInAsync(_site, "anna", "a long password", _time, CancellationToken.None);

    private static HttpListener Listen(out Uri address)
    {
        // HttpListener takes no port 0: a free one is found by asking for it.
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        address = new($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}");
        probe.Stop();
        var listener = new HttpListener();
        listener.Prefixes.Add(address.AbsoluteUri);
        listener.Start();
        return listener;
    }

    private static async Task ServeAsync(
        HttpListener listener, Func<string, (int Status, string Type, byte[] Body)> answer, List<(string Path, string? Authorization, string? Proof, byte[] Body)>? asked = null)
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            asked?.Add((context.Request.Url!.AbsolutePath, context.Request.Headers["Authorization"], context.Request.Headers["DPoP"], body.ToArray()));
            var (status, type, bytes) = answer(context.Request.Url!.AbsolutePath);
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            await context.Response.OutputStream.WriteAsync(bytes);
            context.Response.Close();
        }
    }
}
