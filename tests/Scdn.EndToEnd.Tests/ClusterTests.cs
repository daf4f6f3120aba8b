using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests;

/// <summary>One cluster for all that does not break it.</summary>
internal sealed class ClusterTests
{
    private readonly HttpClient _http = new();
    private TestCluster? _cluster;

    private TestCluster Cluster => _cluster!;

    [OneTimeSetUp]
    public async Task StartAsync() => _cluster = await TestCluster.StartAsync(seconds: 4);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Test]
    public async Task Plays_what_was_published_to_its_end_and_counts_it()
    {
        var before = (await Cluster.DoneAsync("stats")).GetProperty("plays").GetInt64();
        var report = await Cluster.DoneAsync(Cluster.Play("--speed", "4"));
        // Records come a second later, and more than one of them.
        await Eventually.HoldsAsync(async () => (await Cluster.DoneAsync("stats", "--by", "user", "--user", TestCluster.Viewer)).GetProperty("bytes").GetInt64() > 0, "what was sent is counted for the user");
        var after = (await Cluster.DoneAsync("stats")).GetProperty("plays").GetInt64();
        var logged = (await Cluster.DoneAsync("log", "--content", "film", "--server", "s1", "--user", TestCluster.Viewer.ToUpperInvariant(), "--limit", "1")).EnumerateArray().ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.GetProperty("played_to_end").GetBoolean(), report.ToString());
            Assert.That(after, Is.EqualTo(before + 1));
            Assert.That(logged.Select(record => (record.GetProperty("title").GetString(), record.GetProperty("server_name").GetString(), record.GetProperty("user").GetString())), Is.All.EqualTo(("film", "s1", TestCluster.Viewer)));
        }
    }

    [Test]
    public async Task Gives_operators_what_their_role_allows_until_their_token_is_revoked()
    {
        var file = Cluster["viewer.token"];
        var added = await Cluster.DoneAsync("token", "add", "carl", "--role", "viewer", "--out", file);
        await Cluster.DoneAsync("contents", "list", "--token-file", file);
        var denied = await Cluster.RefusedAsync("contents", "remove", "film", "--token-file", file);
        await Cluster.DoneAsync("token", "remove", added.GetProperty("id").GetString()!);
        var revoked = await Cluster.RefusedAsync("contents", "list", "--token-file", file);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(denied, Does.Contain("'carl' is a viewer, and this takes a publisher"));
            Assert.That(revoked, Does.Contain("was revoked"));
        }
    }

    [Test]
    public async Task Lets_operators_sign_in_work_as_themselves_and_sign_out()
    {
        var password = Cluster["dora.password"];
        await File.WriteAllTextAsync(password, "a password of dora's\n");
        await Cluster.DoneAsync("operator", "add", "dora", "--role", "viewer", "--password-file", password);
        var signedIn = await Cluster.DoneAsync("login", "--user", "dora", "--password-file", password);
        try
        {
            await Cluster.DoneAsync("contents", "list");
            var denied = await Cluster.RefusedAsync("operator", "list");
            var token = await Cluster.DoneAsync("token", "add", "looks", "--role", "viewer", "--scopes", "contents:read", "--expires", "2h", "--out", Cluster["looks.token"]);
            var narrow = await Cluster.RefusedAsync("user", "list", "--token-file", Cluster["looks.token"]);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(signedIn.GetProperty("role").GetString(), Is.EqualTo("viewer"));
                Assert.That(denied, Does.Contain("'dora' is a viewer, and this takes an owner"));
                Assert.That(token.GetProperty("account").GetString(), Is.EqualTo("dora"));
                Assert.That(narrow, Does.Contain("lacks the scope users:read"));
            }
        }
        finally
        {
            await Cluster.DoneAsync("logout");
        }

        await Cluster.DoneAsync("operator", "list");
        await Cluster.DoneAsync("operator", "remove", "dora");
        Assert.That(await Cluster.RefusedAsync("contents", "list", "--token-file", Cluster["looks.token"]), Does.Contain("'dora' is disabled"));
    }

    [Test]
    public async Task Refuses_a_wrong_password_and_an_unknown_user_in_the_same_words()
    {
        var wrong = Cluster["wrong"];
        await File.WriteAllTextAsync(wrong, "battery staple\n");
        string[] play = ["play", "film", "--headless", "--session-file", Cluster["none.json"], "--password-file", wrong, "--user"];
        var known = await Cluster.RefusedAsync([.. play, TestCluster.Viewer]);
        var unknown = await Cluster.RefusedAsync([.. play, "nobody"]);
        Assert.That(unknown, Is.EqualTo(known));
    }

    [Test]
    public async Task Refuses_a_wrong_password_although_a_session_is_kept()
    {
        var wrong = Cluster["wrong-again"];
        await File.WriteAllTextAsync(wrong, "battery staple\n");
        string[] play = ["play", "film", "--headless", "--speed", "8", "--duration", "00:00:01", "--user", TestCluster.Viewer, "--session-file", Cluster["kept.json"]];
        await Cluster.DoneAsync([.. play, "--password-file", Cluster.PasswordFile]);
        await Cluster.RefusedAsync([.. play, "--password-file", wrong]);
        await Cluster.DoneAsync(play);
    }

    [Test]
    public async Task Refuses_a_content_that_nobody_published() =>
        Assert.That(await Cluster.RefusedAsync("contents", "remove", "another film"), Does.Contain("another film"));

    [Test]
    public async Task Plays_no_more_often_than_the_account_allows()
    {
        await Cluster.DoneAsync("user", "add", "once", "--password-file", Cluster.PasswordFile, "--plays", "1");
        string[] play = ["play", "film", "--headless", "--speed", "8", "--user", "once", "--password-file", Cluster.PasswordFile, "--session-file", Cluster["once.json"]];
        await Cluster.DoneAsync(play);
        Assert.That(await Cluster.RefusedAsync(play), Does.Contain("play"));
    }

    [Test]
    public async Task Ends_a_session_on_the_operators_word()
    {
        var session = (await Cluster.DoneAsync("session", "add", TestCluster.Viewer)).GetProperty("id").GetString()!;
        var valid = await Cluster.DoneAsync("session", "validate", session);
        await Cluster.DoneAsync("session", "delete", session);
        var ended = await Cluster.RunAsync("session", "validate", session, "--json");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(valid.GetProperty("valid").GetBoolean());
            Assert.That(ended.ExitCode, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Takes_an_authentication_key_until_it_is_revoked_and_for_nothing_else()
    {
        var (id, token) = await IssueAsync("key");
        var server = Cluster.Host("s1").Uri;
        var parts = await PartsAsync(server);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await GetAsync(new(server, $"v1/parts/{parts[0]}"), token), Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await GetAsync(new(server, $"v1/parts/{parts[0]}"), null), Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(await GetAsync(new(server, $"v1/parts/{Guid.NewGuid()}"), token), Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(await GetAsync(new(server, "v1/parts/..%2f..%2fserver.key"), token), Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That((await Cluster.DoneAsync("key", "verify", Cluster["key"])).GetProperty("valid").GetBoolean());
        }

        await Cluster.DoneAsync("key", "revoke", id);
        await Eventually.HoldsAsync(async () => await GetAsync(new(server, $"v1/parts/{parts[0]}"), token) == HttpStatusCode.Unauthorized, "the key is refused");
        Assert.That((await Cluster.RunAsync("key", "verify", Cluster["key"])).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Gives_no_licence_for_an_authentication_key()
    {
        var (_, token) = await IssueAsync("other-key");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Cluster.Host("control").Uri, "v1/site/licence"))
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("DPoP", token);
        using var answer = await _http.SendAsync(request);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        }
    }

    [Test]
    public async Task Refuses_an_operator_with_a_wrong_token()
    {
        var token = Cluster["bad.token"];
        await File.WriteAllTextAsync(token, "scdnop_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        Assert.That(await Cluster.RefusedAsync("user", "list", "--token-file", token), Does.Contain("token"));
    }

    [Test]
    public async Task Publishes_what_was_split_before_and_withdraws_it()
    {
        await ScdnProcess.RunAsync(Cluster.Home, "split", Cluster.Film, "--out", Cluster["split"]);
        var published = await Cluster.DoneAsync("publish", Cluster["split/film.mp4.enp"], "--title", "second");
        var listed = await Cluster.DoneAsync("contents", "list");
        await Cluster.DoneAsync("contents", "remove", "second");
        var left = await Cluster.DoneAsync("contents", "list");
        var id = published.GetProperty("content").GetString();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Ids(listed), Does.Contain(id));
            Assert.That(Ids(left), Does.Not.Contain(id));
        }
    }

    [Test]
    public async Task Keeps_secrets_in_files_that_only_their_owner_can_read()
    {
        await Cluster.DoneAsync("server", "token", "--out", Cluster["join"]);
        var secrets = new[] { Cluster["join"], Path.Combine(Cluster.Data, "control", "operator.token"), Path.Combine(Cluster.Data, "control", "master.key") };
        if (!OperatingSystem.IsWindows()) Assert.That(secrets.Select(File.GetUnixFileMode), Has.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task Will_not_be_started_twice() => Assert.That(await Cluster.RefusedAsync("cluster", "up", "--port-base", "0"), Does.Contain("runs in").And.Contain("cluster down"));

    private static IEnumerable<string?> Ids(JsonElement contents) => contents.EnumerateArray().Select(content => content.GetProperty("id").GetString());

    private async Task<(string Id, string Token)> IssueAsync(string file)
    {
        var session = (await Cluster.DoneAsync("session", "add", TestCluster.Viewer)).GetProperty("id").GetString()!;
        var content = (await Cluster.DoneAsync("contents", "list")).EnumerateArray().First(one => one.GetProperty("title").GetString() == "film").GetProperty("id").GetString()!;
        var key = await Cluster.DoneAsync("key", "issue", session, content, "--out", Cluster[file]);
        return (key.GetProperty("id").GetString()!, (await File.ReadAllTextAsync(Cluster[file])).Trim());
    }

    private async Task<IReadOnlyList<string>> PartsAsync(Uri server)
    {
        var (_, token) = await IssueAsync("key-for-the-header");
        var content = (await Cluster.DoneAsync("contents", "list")).EnumerateArray().First(one => one.GetProperty("title").GetString() == "film").GetProperty("id").GetString()!;
        using var request = Request(new(server, $"v1/contents/{content}/header"), token);
        using var answer = await _http.SendAsync(request);
        await File.WriteAllBytesAsync(Cluster["served.enp"], await answer.Content.ReadAsByteArrayAsync());
        var inspected = await ScdnProcess.RunAsync(Cluster.Home, "inspect", Cluster["served.enp"], "--json");
        return [.. JsonDocument.Parse(inspected.Output).RootElement.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("id").GetString()!)];
    }

    private async Task<HttpStatusCode> GetAsync(Uri uri, string? token)
    {
        using var request = Request(uri, token);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }

    private static HttpRequestMessage Request(Uri uri, string? token) =>
        new(HttpMethod.Get, uri) { Headers = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) } };
}
