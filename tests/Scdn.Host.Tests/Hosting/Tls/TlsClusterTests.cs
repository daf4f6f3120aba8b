using System.Net;
using System.Net.Http.Json;
using Scdn.Client.Connections;
using Scdn.Client.Sessions;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Tests.Data;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting.Tls;

/// <summary>Whole hosts that speak https with certificates of their own making.</summary>
[CancelAfter(120_000)]
internal sealed class TlsClusterTests
{
    private static readonly string[] Https = ["--listen", "https://127.0.0.1:0"];

    [TestCase(Engine.Sqlite)]
    [TestCase(Engine.Postgres)]
    public async Task Servers_join_copy_and_serve_over_https_and_viewers_are_told_their_pins(Engine engine, CancellationToken cancel)
    {
        await using var cluster = await ServingCluster.StartAsync(engine, "https");
        using var viewer = new Viewer(cluster.Control.Uri, http: cluster.Control.Anybody);
        (await viewer.SignInAsync(Cluster.User, Cluster.Password)).EnsureSuccessStatusCode();
        using var answer = await viewer.SendAsync(HttpMethod.Post, "/v1/site/play", viewer.PlayOf(cluster.Sample.Content));
        var play = (await answer.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json, cancel))!;
        using var clients = new PinnedClients(tls => new SocketsHttpHandler { SslOptions = tls }, TimeSpan.FromSeconds(20), "advice");

        Assert.That(play.Servers.Select(server => server.Pins!.Value.Shown), Is.EquivalentTo([cluster.First.Pin, cluster.Second.Pin]));
        foreach (var server in play.Servers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Uri, $"/v1/parts/{cluster.Sample.Split.Header.Parts[0].Id}"));
            request.Headers.Authorization = new("Bearer", play.AuthenticationKey);
            using var part = await clients.For(server.Uri, server.Pins).SendAsync(request, cancel);
            Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(async () => await clients.For(server.Uri, new KeyPins(cluster.Control.Pin)).GetAsync(new Uri(server.Uri, "/health"), cancel), Throws.InstanceOf<HttpRequestException>());
        }
    }

    [Test]
    public async Task A_join_token_names_the_keys_of_all_control_hosts_and_what_joining_told_is_kept()
    {
        using var folder = new TempFolder();
        await using var first = await RunningHost.StartAsync(folder["control"], Cluster.ControlRoles, Https);
        await using var second = await RunningHost.StartAsync(folder["control"], "gateway", [.. Https, "--name", "gateway-2", "--gateway", "secondary"]);
        var text = await Eventually.GetAsync(async () => await TokenAsync(first) is var made && made.Split('.').Length == 5 ? made : null, "the token names both");
        Assert.That(JoinToken.TryParse(text, out var token));

        await using var server = await RunningHost.StartAsync(folder["s1"], "content", [.. Https, "--control", first.Uri.ToString(), "--join-token-file", folder.Write("token", text)]);
        await Eventually.HoldsAsync(() => server.Log.Contains("Following the feed of", StringComparison.Ordinal), "it has joined");
        await using var third = await RunningHost.StartAsync(folder["control"], "gateway", [.. Https, "--name", "gateway-3", "--gateway", "secondary"]);

        Assert.That(token!.Pins, Has.Count.EqualTo(4).And.SupersetOf(new[] { first.Pin, second.Pin }));
        var kept = Path.Combine(folder["s1"], "server.json");
        await Eventually.HoldsAsync(async () => new[] { first, second, third }.All(host => File.ReadAllText(kept).Contains(host.Pin.ToString(), StringComparison.Ordinal)), "all are kept, also the one that came later");
    }

    [Test]
    public async Task Control_hosts_know_each_other_by_the_store()
    {
        using var folder = new TempFolder();
        await using var gateway = await RunningHost.StartAsync(folder["control"], "gateway", [.. Https, "--name", "gateway-1"]);
        await using var other = await RunningHost.StartAsync(folder["control"], "admin,cdmaster,ipmaster,proxy,site", Https);

        using var verified = await other.Operator.PostAsJsonAsync("/v1/admin/keys/verify", new VerifyKeyRequest("x"), Viewer.Json);

        Assert.That((await verified.Content.ReadFromJsonAsync<KeyStatus>(Viewer.Json))!.Reason, Does.Contain("not an authentication key"));
    }

    [Test]
    public async Task A_man_in_the_middle_at_joining_is_refused_before_anything_is_sent_and_told_of_in_the_log()
    {
        using var folder = new TempFolder();
        await using var control = await RunningHost.StartAsync(folder["control"], Cluster.ControlRoles, Https);
        await using var middle = new ManInTheMiddle();
        var token = folder.Write("token", await TokenAsync(control));

        await using var server = await RunningHost.StartAsync(folder["s1"], "content", "--control", middle.Uri.ToString(), "--join-token-file", token);
        await Eventually.HoldsAsync(() => middle.Connections >= 2, "the server has tried twice");

        Assert.That((middle.Received, File.Exists(token)), Is.EqualTo((0, true)));
        Assert.That(server.Log, Does.Contain($"expected {control.Pin} or ").And.Contain($"found {middle.Pin}"));
    }

    [Test]
    public async Task A_token_with_pins_is_not_shown_in_plain_http_off_loopback()
    {
        using var folder = new TempFolder();
        var pin = KeyPin.Of(TestCertificates.Make());
        var token = folder.Write("token", new JoinToken("scdnjoin_secret", [pin]).ToString());

        await using var server = await RunningHost.StartAsync(folder["s1"], "content", "--control", "http://192.0.2.1:7400", "--insecure-http", "--join-token-file", token);

        await Eventually.HoldsAsync(() => server.Log.Contains("is not shown to http://192.0.2.1:7400", StringComparison.Ordinal), "it says so");
    }

    [Test]
    public async Task A_server_that_was_away_knows_a_control_host_by_its_key_s_successor_and_by_another_key_once_a_fresh_token_names_it()
    {
        using var folder = new TempFolder();
        var control = await RunningHost.StartAsync(folder["control"], Cluster.ControlRoles, Https);
        var (address, first) = ($"https://127.0.0.1:{control.Uri.Port}", control.Pin);
        string[] options = ["--control", address, "--join-token-file", folder.Write("token", await TokenAsync(control))];
        await FollowAsync("it has joined");
        await control.DisposeAsync();

        var (key, next) = (Path.Combine(folder["control"], "hosts", "control.tls.key"), Path.Combine(folder["control"], "hosts", "control.tls.next.key"));
        File.Move(next, key, overwrite: true);
        control = await RunningHost.StartAsync(folder["control"], Cluster.ControlRoles, "--listen", address);
        var second = control.Pin;
        await FollowAsync("it knows the successor");
        await control.DisposeAsync();

        File.Delete(key);
        File.Delete(next);
        control = await RunningHost.StartAsync(folder["control"], Cluster.ControlRoles, "--listen", address);
        await using (var refusing = await RunningHost.StartAsync(folder["s1"], "content", options))
        {
            await Eventually.HoldsAsync(() => refusing.Log.Contains($"expected {second} or ", StringComparison.Ordinal) && refusing.Log.Contains($"found {control.Pin}", StringComparison.Ordinal), "the other key is refused");
        }

        folder.Write("token", await TokenAsync(control));
        await FollowAsync("the token names the other key");
        Assert.That(new[] { first, second, control.Pin }, Is.Unique);
        await control.DisposeAsync();

        async Task FollowAsync(string what)
        {
            await using var server = await RunningHost.StartAsync(folder["s1"], "content", options);
            await Eventually.HoldsAsync(() => server.Log.Contains("Following the feed of", StringComparison.Ordinal), what);
        }
    }

    [Test]
    public async Task A_viewers_client_trusts_nobody_because_he_was_there_first()
    {
        using var folder = new TempFolder();
        await using var control = await RunningHost.StartAsync(folder["control"], Cluster.ControlRoles, Https);
        using var added = await control.Operator.PostAsJsonAsync("/v1/admin/users", new AddUserRequest(Cluster.User, Cluster.Password), Viewer.Json);

        var unknown = await Assert.ThrowsAsync<SiteException>(async () => await SiteClient.SignInAsync(control.Uri, Cluster.User, Cluster.Password, TimeProvider.System, CancellationToken.None));
        using var session = await SiteClient.SignInAsync(control.Uri, new SiteTrust(new(control.Pin)), Cluster.User, Cluster.Password, TimeProvider.System, CancellationToken.None);
        SessionFile.Write(folder["session.json"], session);
        using var kept = SessionFile.TryRead(folder["session.json"], DateTimeOffset.UtcNow);

        Assert.That(unknown!.Message, Does.Contain(control.Pin.ToString()).And.Contain("--pin"));
        Assert.That((kept!.Trust.Pins?.Shown, kept.Trust.Pins?.Successor is not null, SessionFile.TrustOf(folder["session.json"], control.Uri)), Is.EqualTo(((KeyPin?)control.Pin, true, kept.Trust)));
        Assert.That(await new SiteClient(kept, TimeProvider.System).GetContentsAsync(CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task A_viewers_client_knows_a_site_that_it_was_signed_in_at_by_its_key_s_successor(CancellationToken cancel)
    {
        using var folder = new TempFolder();
        var control = await RunningHost.StartAsync(folder["control"], Cluster.ControlRoles, Https);
        using var added = await control.Operator.PostAsJsonAsync("/v1/admin/users", new AddUserRequest(Cluster.User, Cluster.Password), Viewer.Json, cancel);
        var site = new Uri($"https://127.0.0.1:{control.Uri.Port}");
        using var session = await SiteClient.SignInAsync(site, new SiteTrust(new(control.Pin)), Cluster.User, Cluster.Password, TimeProvider.System, cancel);
        await control.DisposeAsync();
        File.Move(Path.Combine(folder["control"], "hosts", "control.tls.next.key"), Path.Combine(folder["control"], "hosts", "control.tls.key"), overwrite: true);
        await using var again = await RunningHost.StartAsync(folder["control"], Cluster.ControlRoles, "--listen", site.OriginalString);

        using var signedIn = await SiteClient.SignInAsync(site, session.Trust, Cluster.User, Cluster.Password, TimeProvider.System, cancel);

        Assert.That((again.Pin == control.Pin, signedIn.Trust.Pins?.Shown), Is.EqualTo((false, (KeyPin?)again.Pin)));
    }

    [Test]
    public async Task A_host_that_speaks_plain_http_is_not_taken_for_one_that_speaks_https_nor_the_other_way_round(CancellationToken cancel)
    {
        using var folder = new TempFolder();
        await using var plain = await RunningHost.StartAsync(folder["plain"], Cluster.ControlRoles);
        await using var tls = await RunningHost.StartAsync(folder["tls"], Cluster.ControlRoles, Https);

        Assert.That(async () => await SignInAsync($"https://127.0.0.1:{plain.Uri.Port}", new(new(tls.Pin))), Throws.InstanceOf<SiteException>().With.Message.Contains("can't be reached"));
        Assert.That(async () => await SignInAsync($"http://127.0.0.1:{tls.Uri.Port}", SiteTrust.ByAuthority), Throws.InstanceOf<SiteException>());

        Task<ViewerSession> SignInAsync(string site, SiteTrust trust) => SiteClient.SignInAsync(new(site), trust, Cluster.User, Cluster.Password, TimeProvider.System, cancel);
    }

    [Test]
    public async Task Everything_can_run_in_one_host_over_https()
    {
        using var folder = new TempFolder();
        await using var all = await RunningHost.StartAsync(folder["data"], "all", Https);
        await Eventually.HoldsAsync(async () => (await all.Operator.GetFromJsonAsync<List<ServerStatus>>("/v1/admin/servers", Viewer.Json)) is [{ Alive: true }], "its content server has joined itself");
    }

    [Test]
    public async Task A_proxy_in_front_may_do_TLS()
    {
        using var folder = new TempFolder();
        await using var control = await RunningHost.StartAsync(folder["control"], Cluster.ControlRoles, "--public-url", "https://control.example");
        using var added = await control.Operator.PostAsJsonAsync("/v1/admin/users", new AddUserRequest(Cluster.User, Cluster.Password), Viewer.Json);
        using var viewer = new Viewer(new("https://control.example"), http: new HttpClient(new Proxy(control.Uri)) { BaseAddress = new("https://control.example") });

        using var signedIn = await viewer.SignInAsync(Cluster.User, Cluster.Password);

        Assert.That(signedIn.StatusCode, Is.EqualTo(HttpStatusCode.OK), await signedIn.Content.ReadAsStringAsync());
    }

    private static async Task<string> TokenAsync(RunningHost control)
    {
        using var made = await control.Operator.PostAsync("/v1/admin/servers/tokens", content: null);
        return (await made.Content.ReadFromJsonAsync<JoinTokenAnswer>(Viewer.Json))!.Token;
    }

    /// <summary>What a proxy does to a request: passes it on in plain http, under the name it came with.</summary>
    private sealed class Proxy(Uri host) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Host = request.RequestUri!.Authority;
            request.RequestUri = new Uri(host, request.RequestUri.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
