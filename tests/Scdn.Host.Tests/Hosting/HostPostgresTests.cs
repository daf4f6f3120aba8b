using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting;

/// <summary>Whole hosts over a PostgreSQL server that comes and goes.</summary>
[CancelAfter(120_000)]
internal sealed class HostPostgresTests
{
    private const string Roles = "admin,cdmaster,ipmaster,proxy,gateway,site";

    [Test]
    public async Task Says_503_while_the_store_is_away_and_goes_on_when_it_is_back(CancellationToken cancel)
    {
        using var folder = new TempFolder();
        await using var server = await PostgresServer.StartAsync();
        await using var host = await RunningHost.StartAsync(folder["data"], Roles, "--database", await server.MakeDatabaseAsync());
        await server.KillAsync();
        var changing = host.Operator.PostAsync("/v1/admin/users", new StringContent("""{"name":"ann","password":"correct horse battery"}""", null, "application/json"), cancel);
        using var away = await host.Operator.GetAsync("/v1/admin/users", cancel);
        var problem = await away.Content.ReadAsStringAsync(cancel);
        using var change = await changing;
        await server.StartAgainAsync();
        using var back = await host.Operator.GetAsync("/v1/admin/users", cancel);

        Assert.That((away.StatusCode, back.StatusCode), Is.EqualTo((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK)), problem);
        Assert.That((await change.Content.ReadAsStringAsync(cancel)).Split("traceId")[0], Is.EqualTo(problem.Split("traceId")[0]).And.Contain("try again").And.Not.Contain("postgres"));
        Assert.That(host.Log.Split('\n'), Has.Some.Match("Refused: GET /v1/admin/users from .*: 503: The store postgres://.* can't be reached"), host.Log);
    }

    [Test]
    public async Task Notes_also_an_act_that_was_about_what_is_no_text(CancellationToken cancel)
    {
        using var folder = new TempFolder();
        await using var server = await PostgresServer.StartAsync();
        await using var host = await RunningHost.StartAsync(folder["data"], Roles, "--database", await server.MakeDatabaseAsync());
        using var added = await host.Operator.PostAsync("/v1/admin/operators", new StringContent("""{"name":"a\u0000b","password":"correct horse battery","role":"viewer"}""", null, "application/json"), cancel);
        var acts = await host.Operator.GetFromJsonAsync<AuditEntry[]>("/v1/admin/audit", HostJson.Options, cancel);

        Assert.That(added.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(acts!.Select(act => (act.Status, act.Subject)), Is.EqualTo(new (int?, string?)[] { (400, @"operator 'a\u0000b', Viewer") }));
    }

    [Test]
    public async Task Several_know_the_same_and_each_has_a_key_of_its_own(CancellationToken cancel)
    {
        using var folder = new TempFolder();
        await using var server = await PostgresServer.StartAsync();
        var database = await server.MakeDatabaseAsync();
        await using var first = await RunningHost.StartAsync(folder["first"], Roles, "--database", database, "--name", "first");
        Directory.CreateDirectory(folder["second"]);
        File.Copy(folder["first/master.key"], folder["second/master.key"]);
        await using var second = await RunningHost.StartAsync(folder["second"], Roles, "--database", database, "--name", "second");
        second.Operator.DefaultRequestHeaders.Authorization = first.Operator.DefaultRequestHeaders.Authorization;

        using var added = await first.Operator.PostAsync("/v1/admin/users", new StringContent("""{"name":"ann","password":"correct horse battery"}""", null, "application/json"), cancel);
        var users = await second.Operator.GetStringAsync("/v1/admin/users", cancel);
        var keys = await KeysAsync(second);
        await Eventually.HoldsAsync(async () => (await KeysAsync(first)).Count == 2, "the first host is told of the second's key");

        Assert.That(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync(cancel));
        Assert.That(users, Does.Contain("\"ann\""));
        Assert.That(await KeysAsync(first), Is.EquivalentTo(keys));

        async Task<List<string>> KeysAsync(RunningHost host)
        {
            using var set = JsonDocument.Parse(await host.Anybody.GetStringAsync("/.well-known/jwks.json", cancel));
            return [.. set.RootElement.GetProperty("keys").EnumerateArray().Select(key => $"{key.GetProperty("kid")} {key.GetProperty("x")} {key.TryGetProperty("d", out _)}")];
        }
    }

    [Test]
    public async Task Says_in_one_sentence_why_it_cannot_start()
    {
        using var folder = new TempFolder();
        using var errors = new StringWriter();
        var code = await new HostCommand(TextWriter.Null, errors, TimeProvider.System).RunAsync(
            ["--roles", "gateway", "--data", folder["data"], "--listen", "http://127.0.0.1:0", "--log-file", folder["log"], "--database", "postgres://ann@127.0.0.1:1/films"]);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors.ToString().Trim().Split('\n'), Has.Length.EqualTo(1).And.One.Contains("can't be reached"));
    }
}
