using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Tests.Data;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.ContentServer;

/// <summary>Whole hosts, one of which is expelled.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(120_000)]
internal sealed class ExpellingTests(Engine engine)
{
    [Test]
    public async Task A_ticket_that_it_holds_is_refused_by_the_origin_and_by_other_servers(CancellationToken cancel)
    {
        await using var cluster = await ServingCluster.StartAsync(engine);
        var id = (await cluster.ServersAsync()).Single(server => server.Name == "s1").Id;
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(cluster.FolderOf("s1"), "server.key"), cancel));
        using var http = new HttpClient();
        var plan = await AskAsync<CopyRequest, CopyPlan>(http, key, new Uri(cluster.Control.Uri, "/v1/roles/cdmaster/plan-copy"), new CopyRequest(id, cluster.Sample.Content, 1), cancel);
        var before = (await StatusAsync(cluster.Control), await StatusAsync(cluster.Second));

        await cluster.ExpelAsync("s1");

        Assert.That(before, Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        await Eventually.HoldsAsync(async () => await StatusAsync(cluster.Control) is HttpStatusCode.Forbidden, "the origin refuses the ticket");
        await Eventually.HoldsAsync(async () => await StatusAsync(cluster.Second) is HttpStatusCode.Forbidden, "the other server refuses the ticket");

        async Task<HttpStatusCode> StatusAsync(RunningHost host)
        {
            var url = new Uri(host.Uri, $"/v1/parts/{cluster.Sample.Split.Header.Parts[0].Id}");
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Authorization = new("Bearer", plan.Ticket);
            request.Headers.Add(ProofReader.HeaderName, Proof.Create(key, "GET", url, plan.Ticket, [], DateTimeOffset.UtcNow));
            using var answer = await http.SendAsync(request, cancel);
            return answer.StatusCode;
        }
    }

    [Test]
    public async Task It_sends_viewers_elsewhere_and_what_they_are_given_then_no_longer_names_it(CancellationToken cancel)
    {
        await using var cluster = await ServingCluster.StartAsync(engine);
        using var viewer = new Viewer(cluster.Control.Uri);
        (await viewer.SignInAsync(Cluster.User, Cluster.Password)).EnsureSuccessStatusCode();
        // One play, asked for again and again: only so many may begin in a day.
        var play = viewer.PlayOf(cluster.Sample.Content);
        var before = await Eventually.GetAsync(async () => await PlayAsync() is { Servers.Count: 2 } answer ? answer : null, "both servers are ranked");
        var first = before.Servers.Single(server => server.Name == "s1");

        await cluster.ExpelAsync("s1");

        var after = await Eventually.GetAsync(async () => await PlayAsync() is { Servers: [{ Name: "s2" }] } answer ? answer : null, "the ranking no longer names it");
        await Eventually.HoldsAsync(async () => await StatusAsync(first, before) is HttpStatusCode.ServiceUnavailable, "it sends viewers elsewhere");
        await Eventually.HoldsAsync(() => cluster.First.Log.Contains("This content server was expelled", StringComparison.Ordinal), "it says why");
        Assert.That((AudienceOf(before.AuthenticationKey).Contains(first.Id), AudienceOf(after.AuthenticationKey).Contains(first.Id)), Is.EqualTo((true, false)));
        Assert.That(await StatusAsync(after.Servers[0], after), Is.EqualTo(HttpStatusCode.OK));

        async Task<PlayAnswer?> PlayAsync()
        {
            using var answer = await viewer.SendAsync(HttpMethod.Post, "/v1/site/play", play);
            // A server that could not say for a while that it lives is not ranked.
            if (answer.StatusCode is HttpStatusCode.ServiceUnavailable) return null;
            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json, cancel))!;
        }

        async Task<HttpStatusCode> StatusAsync(RankedServer server, PlayAnswer given)
        {
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Authorization = new("Bearer", given.AuthenticationKey);
            using var answer = await http.GetAsync(new Uri(server.Uri, $"/v1/parts/{cluster.Sample.Split.Header.Parts[0].Id}"), cancel);
            return answer.StatusCode;
        }
    }

    [Test]
    public async Task A_key_that_is_asked_for_it_names_only_the_others(CancellationToken cancel)
    {
        await using var cluster = await ServingCluster.StartAsync(engine);
        var servers = await cluster.ServersAsync();
        ServerId[] all = [.. servers.Select(server => server.Id)];
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(cluster.FolderOf("control"), "hosts", "control.key"), cancel));
        using var http = new HttpClient();

        await cluster.ExpelAsync("s1");

        await Eventually.HoldsAsync(async () => (await AudienceAsync(all)).SequenceEqual([servers.Single(server => server.Name == "s2").Id]), "the key names the other server only");

        async Task<IReadOnlyList<ServerId>> AudienceAsync(IReadOnlyList<ServerId> named)
        {
            var order = new KeyOrder(SessionId.New(), Cluster.User, cluster.Sample.Content, named, DateTimeOffset.UtcNow.AddHours(1));
            var issued = await AskAsync<KeyOrder, IssuedKey>(http, key, new Uri(cluster.Control.Uri, "/v1/roles/gateway/issue-key"), order, cancel);
            return AudienceOf(issued.Token);
        }
    }

    [Test]
    public async Task It_comes_back_with_a_fresh_key_and_token_only()
    {
        await using var cluster = await ServingCluster.StartAsync(engine);
        await cluster.ExpelAsync("s1");
        await cluster.First.StopAsync();
        File.Delete(Path.Combine(cluster.FolderOf("s1"), "server.json"));

        var again = await cluster.StartServerAsync("s1", "s1");
        await Eventually.HoldsAsync(() => again.Log.Contains("may not join: Content server 's1' was expelled", StringComparison.Ordinal), "its key is refused");
        await cluster.StartServerAsync("s1", "fresh");

        await cluster.UntilAsync(servers => servers.Count == 2 && servers.All(server => server is { Alive: true, Contents: 1 }), "it is back under a fresh key");
    }

    [Test]
    public async Task Of_two_servers_with_one_token_one_joins()
    {
        await using var cluster = await ServingCluster.StartAsync(engine);
        for (var race = 0; race < 10; race++)
        {
            using var one = new HostPeer(cluster.Control.Uri);
            using var other = new HostPeer(cluster.Control.Uri);
            var token = await cluster.MakeTokenAsync();
            var statuses = await Task.WhenAll(one.TryJoinAsync(token), other.TryJoinAsync(token));
            Assert.That(statuses, Is.EquivalentTo([HttpStatusCode.OK, HttpStatusCode.Forbidden]));
        }
    }

    private static IReadOnlyList<ServerId> AudienceOf(string token)
    {
        var payload = Base64Url.DecodeFromChars(token.Split('.')[1]);
        return JsonSerializer.Deserialize(payload, WireJson.Default.AuthenticationKeyClaims)!.Aud;
    }

    /// <summary>Asks a role as the host whose key this is.</summary>
    private static async Task<TAnswer> AskAsync<TRequest, TAnswer>(HttpClient http, ECDsa key, Uri url, TRequest question, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(question, Viewer.Json);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        request.Headers.Add(ProofReader.HeaderName, Proof.Create(key, "POST", url, accessToken: null, body, DateTimeOffset.UtcNow));
        using var answer = await http.SendAsync(request, cancel);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<TAnswer>(Viewer.Json, cancel))!;
    }
}
