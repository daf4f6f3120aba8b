using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Host.Tests.Data;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting.Configuration;

/// <summary>What operators see and change of the settings, at an admin server and at a secondary gateway.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(120_000)]
internal sealed class ConfigurationTests(Engine engine)
{
    private const string Path = "/v1/admin/configuration";

    private TempFolder _folder = null!;
    private RunningHost _control = null!;
    private RunningHost _gateway = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new();
        string[] store = engine == Engine.Sqlite ? [] : ["--database", await SharedPostgres.MakeDatabaseAsync()];
        _control = await RunningHost.StartAsync(_folder["data"], "admin,gateway", store);
        _gateway = await RunningHost.StartAsync(_folder["data"], "gateway", ["--name", "gateway-2", "--gateway", "secondary", .. store]);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _control.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task A_session_lasts_as_long_as_was_said_at_another_host()
    {
        (await PatchAsync(_gateway.Operator, 0, ("session-lifetime", "06:00:00"))).EnsureSuccessStatusCode();
        using var added = await _control.Operator.PostAsJsonAsync("/v1/admin/users", new AddUserRequest("ann", "long enough"));

        await Eventually.HoldsAsync(
            async () =>
            {
                using var opened = await _control.Operator.PostAsJsonAsync("/v1/admin/sessions", new AddSessionRequest("ann"));
                var session = (await opened.Content.ReadFromJsonAsync<SessionSummary>(HostJson.Options))!;
                return session.Expires - session.Opened == TimeSpan.FromHours(6);
            },
            "the admin server goes by what the gateway was told");
    }

    [Test]
    public async Task Is_changed_while_the_admin_server_is_down()
    {
        await _control.StopAsync();

        using var changed = await PatchAsync(_gateway.Operator, 0, ("key-lifetime", "02:00:00"));
        var history = (await _gateway.Operator.GetFromJsonAsync<ConfigurationChange[]>($"{Path}/history", HostJson.Options))!;

        Assert.That(changed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(history.Single().Through, Is.EqualTo("gateway-2"));
        Assert.That(history.Single().By, Does.StartWith("operator ("), "The first operator's token has no account.");
    }

    [Test]
    public async Task Says_what_is_in_force_and_what_would_be()
    {
        (await PatchAsync(_control.Operator, 0, ("key-lifetime", "02:00:00"))).EnsureSuccessStatusCode();
        var answer = (await _control.Operator.GetFromJsonAsync<ConfigurationAnswer>(Path, HostJson.Options))!;

        var (key, url) = (answer.Settings.Single(one => one.Name == "key-lifetime"), answer.Settings.Single(one => one.Name == "billing.url"));
        Assert.That((answer.Version, key.Value, key.Default, key.IsSet), Is.EqualTo((1L, "02:00:00", "12:00:00", true)));
        Assert.That((url.Value, url.IsSet, url.Role), Is.EqualTo((default(string), false, OperatorRole.Owner)));
    }

    [Test]
    public async Task Keeps_two_operators_from_overwriting_each_other()
    {
        (await PatchAsync(_control.Operator, 0, ("key-lifetime", "02:00:00"))).EnsureSuccessStatusCode();
        using var late = await PatchAsync(_gateway.Operator, 0, ("key-lifetime", "03:00:00"));

        Assert.That(await Problem.DetailAsync(late, HttpStatusCode.Conflict), Does.Contain("version 1 by now"));
    }

    [Test]
    public async Task Goes_back_and_says_so()
    {
        (await PatchAsync(_control.Operator, 0, ("key-lifetime", "02:00:00"))).EnsureSuccessStatusCode();
        using var back = await _control.Operator.PostAsJsonAsync($"{Path}/revert", new ConfigurationRevert(1, 0));
        var history = (await _control.Operator.GetFromJsonAsync<ConfigurationChange[]>($"{Path}/history", HostJson.Options))!;

        Assert.That(back.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(history.Select(change => (change.Version, change.Reverted)), Is.EqualTo(new (long, long?)[] { (2, 0), (1, null) }));
    }

    [TestCase(OperatorRole.Viewer, HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [TestCase(OperatorRole.Operator, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [TestCase(OperatorRole.Owner, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK)]
    public async Task Is_changed_by_who_may(OperatorRole role, HttpStatusCode look, HttpStatusCode change, HttpStatusCode billing)
    {
        using var made = await _control.Operator.PostAsJsonAsync("/v1/admin/tokens", new AddTokenRequest("ann", role), HostJson.Options);
        var token = (await made.Content.ReadFromJsonAsync<AddedToken>(HostJson.Options))!.Token;
        using var ann = new HttpClient { BaseAddress = _gateway.Uri, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

        using var looked = await ann.GetAsync(Path);
        using var changed = await PatchAsync(ann, 0, ("key-lifetime", "02:00:00"));
        using var priced = await PatchAsync(ann, changed.IsSuccessStatusCode ? 1 : 0, ("billing.url", "https://billing.example/"));

        Assert.That((looked.StatusCode, changed.StatusCode, priced.StatusCode), Is.EqualTo((look, change, billing)));
    }

    [TestCase("""{"values":{"key-lifetime":"01:00:00"}}""", "version")]
    [TestCase("""{"version":0}""", "values")]
    [TestCase("""{"version":0,"values":{"key-lifetime":3600}}""", "key-lifetime")]
    [TestCase("""{"version":0,"values":{"key-lifetime":"soon"}}""", "key-lifetime")]
    [TestCase("""{"version":0,"values":null}""", "")]
    [TestCase("[]", "")]
    public async Task Refuses_what_it_does_not_understand(string body, string named)
    {
        using var refused = await _control.Operator.PatchAsync(Path, new StringContent(body, null, "application/json"));

        Assert.That(await Problem.DetailAsync(refused, HttpStatusCode.BadRequest), Does.Contain(named));
    }

    [Test]
    public async Task Is_noted_in_the_audit_log_by_name()
    {
        (await PatchAsync(_gateway.Operator, 0, ("key-lifetime", "02:00:00"))).EnsureSuccessStatusCode();
        var acts = (await _control.Operator.GetFromJsonAsync<AuditEntry[]>("/v1/admin/audit?limit=1", HostJson.Options))!;

        Assert.That((acts[0].Act, acts[0].Subject, acts[0].Status), Is.EqualTo(($"PATCH {Path}", "key-lifetime", 200)));
    }

    private static Task<HttpResponseMessage> PatchAsync(HttpClient client, long version, params (string Name, string? Value)[] values) =>
        client.PatchAsJsonAsync(Path, new ConfigurationEdit(version, values.ToDictionary(one => one.Name, one => one.Value)));
}
