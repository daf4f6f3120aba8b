using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Remote;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Remote;

public sealed class RemoteRoleTests
{
    [Test]
    public async Task A_secondary_gateway_answers_when_the_primary_is_gone()
    {
        await using var cluster = await Cluster.StartAsync();
        await using var secondary = await RunningHost.StartAsync(cluster.Time, cluster.DataFolder, "gateway", "--name", "gateway-2", "--gateway", "secondary");
        using var viewer = await cluster.SignInAsync();
        using var played = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));
        var key = JsonDocument.Parse(await played.Content.ReadAsStringAsync()).RootElement.GetProperty("authenticationKey").GetString()!;
        var caller = CallerAs(cluster, cluster.Control.Uri, secondary.Uri);
        var gateway = RemoteRole<IGateway>.Over(caller);
        var byPrimary = await gateway.VerifyKeyAsync(new VerifyKeyRequest(key), CancellationToken.None);

        await cluster.Control.StopAsync();
        var bySecondary = await gateway.VerifyKeyAsync(new VerifyKeyRequest(key), CancellationToken.None);
        var issued = await gateway.IssueKeyAsync(
            new KeyOrder(SessionId.New(), Cluster.User, cluster.Sample.Content, [cluster.Server.Id], cluster.Time.GetUtcNow().AddHours(1)), CancellationToken.None);

        Assert.That((byPrimary.Value?.Valid, bySecondary.Value?.Valid), Is.EqualTo(((bool?)true, (bool?)true)));
        Assert.That(issued.Value?.Token, Is.Not.Null);
    }

    [Test]
    public async Task Every_ip_master_is_told_of_a_servers_load_although_one_is_gone()
    {
        await using var cluster = await Cluster.StartAsync();
        await using var second = await RunningHost.StartAsync(cluster.Time, cluster.DataFolder, "ipmaster", "--name", "second");
        await Eventually.HoldsAsync(async () => (await ListAsync(second.Uri)) is [{ Alive: false }], "the second IP master knows the server");
        var caller = CallerAs(cluster, new Uri("http://127.0.0.1:9"), cluster.Control.Uri, second.Uri);

        var told = await RemoteRole<IIpMaster>.Over(caller).ReportLoadAsync(new(cluster.Server.Id, new ServerLoad(0, 0, 0, 0, null, 1, 0)), CancellationToken.None);

        Assert.That(told.Refusal, Is.Null);
        Assert.That((await ListAsync(cluster.Control.Uri))[0].Alive && (await ListAsync(second.Uri))[0].Alive);

        async Task<IReadOnlyList<ServerStatus>> ListAsync(Uri host) => (await RemoteRole<IIpMaster>.Over(CallerAs(cluster, host)).ListServersAsync(Done.Instance, CancellationToken.None)).Value!;
    }

    [Test]
    public async Task A_refusal_comes_back_as_what_it_was()
    {
        await using var cluster = await Cluster.StartAsync();
        var caller = CallerAs(cluster, cluster.Control.Uri);

        var refused = await RemoteRole<IAdmin>.Over(caller).FindContentAsync(new EntryRequest(ContentId.New()), CancellationToken.None);
        var listed = await RemoteRole<IAdmin>.Over(caller).ListContentsAsync(Done.Instance, CancellationToken.None);

        Assert.That(refused.Refusal?.Kind, Is.EqualTo(RefusalKind.NotFound));
        Assert.That(refused.Refusal?.Detail, Does.Contain("is not published"));
        Assert.That(listed.Value, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Says_that_nobody_answers()
    {
        using var folder = new TempFolder();
        using var key = new HostKey(Settings(folder.Path), TimeProvider.System);
        using var clients = new ControlClients(Settings(folder.Path), NullLogger<ControlClients>.Instance);
        var caller = new RoleCaller(new Addresses(new Uri("http://127.0.0.1:9")), clients, key, TimeProvider.System);

        var refused = await RemoteRole<IGateway>.Over(caller).RevokeKeyAsync(KeyId.New(), CancellationToken.None);

        Assert.That(refused.Refusal, Is.EqualTo(Refusal.Unavailable("No host with the role gateway answers (asked: 127.0.0.1:9).")));
    }

    [Test]
    public async Task A_stranger_a_replay_and_a_changed_body_are_refused()
    {
        await using var cluster = await Cluster.StartAsync();
        using var stranger = new HostPeer(cluster.Control.Uri);
        const string path = "/v1/roles/gateway/verify-key";
        var body = JsonSerializer.SerializeToUtf8Bytes(new VerifyKeyRequest("x"), Viewer.Json);
        var proof = Proof.Create(cluster.Server.Key, "POST", new Uri(cluster.Control.Uri, path), null, body, TimeProvider.System.GetUtcNow());
        var other = Proof.Create(cluster.Server.Key, "POST", new Uri(cluster.Control.Uri, path), null, [], TimeProvider.System.GetUtcNow());

        using var unknown = await stranger.SendAsync(path, new VerifyKeyRequest("x"));
        using var first = await cluster.Server.SendAsync(path, new VerifyKeyRequest("x"), proof);
        using var replayed = await cluster.Server.SendAsync(path, new VerifyKeyRequest("x"), proof);
        using var changed = await cluster.Server.SendAsync(path, new VerifyKeyRequest("x"), other);

        Assert.That(await Problem.DetailAsync(unknown, HttpStatusCode.Unauthorized), Does.Contain("not registered"));
        Assert.That(await Problem.DetailAsync(first, HttpStatusCode.Unauthorized), Does.Contain("not an authentication key"));
        Assert.That(await Problem.DetailAsync(replayed, HttpStatusCode.Unauthorized), Does.Contain("used already"));
        Assert.That(await Problem.DetailAsync(changed, HttpStatusCode.Unauthorized), Does.Contain("another body"));
    }

    [Test]
    public async Task A_content_server_gets_no_key_no_licence_and_speaks_for_itself_only()
    {
        await using var cluster = await Cluster.StartAsync();
        var viewerKey = JsonSerializer.SerializeToElement(JsonWebKey.Of(cluster.Server.Key), Viewer.Json);
        var forged = new LicenceRequest(SessionId.New(), Cluster.User, cluster.Sample.Content, 1, true, viewerKey, Guid.NewGuid());
        var order = new KeyOrder(SessionId.New(), Cluster.User, cluster.Sample.Content, [cluster.Server.Id], cluster.Time.GetUtcNow().AddHours(1));

        using var licence = await cluster.Server.SendAsync("/v1/roles/gateway/release-licence", forged);
        using var key = await cluster.Server.SendAsync("/v1/roles/gateway/issue-key", order);
        using var session = await cluster.Server.SendAsync("/v1/roles/admin/open-session", new OpenSession(Cluster.User, null));
        using var load = await cluster.Server.SendAsync("/v1/roles/ipmaster/report-load", new LoadReport(ServerId.New(), new ServerLoad(0, 0, 0, 0, null, 0, 0)));

        foreach (var refused in new[] { licence, key, session }) Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.Forbidden), Does.Contain("may not ask"));
        Assert.That(await Problem.DetailAsync(load, HttpStatusCode.Forbidden), Does.Contain("speaks for itself only"));
    }

    [Test]
    public async Task The_bridge_is_closed_to_operators_and_viewers()
    {
        await using var cluster = await Cluster.StartAsync();
        using var viewer = await cluster.SignInAsync();
        var body = new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

        using var byOperator = await cluster.Control.Operator.PostAsync("/v1/roles/admin/list-contents", body);
        using var byViewer = await viewer.SendAsync(HttpMethod.Post, "/v1/roles/admin/list-contents", new { });

        _ = await Problem.DetailAsync(byOperator, HttpStatusCode.Unauthorized);
        _ = await Problem.DetailAsync(byViewer, HttpStatusCode.Unauthorized);
    }

    /// <summary>Calls with the control host's own key, as another control host would.</summary>
    private static RoleCaller CallerAs(Cluster cluster, params Uri[] hosts) =>
        new(new Addresses(hosts), new ControlClients(Settings(cluster.DataFolder), NullLogger<ControlClients>.Instance), new HostKey(Settings(cluster.DataFolder), cluster.Time), cluster.Time);

    private static HostSettings Settings(string data) =>
        new() { Roles = ["gateway"], Name = "control", DataFolder = data, Listen = new Uri("http://127.0.0.1:0") };

    private sealed class Addresses(params Uri[] hosts) : IControlAddresses
    {
        public IReadOnlyList<Uri> Of(string role) => hosts;

        public IReadOnlyCollection<KeyPin> PinsOf(Uri host) => [];
    }
}
