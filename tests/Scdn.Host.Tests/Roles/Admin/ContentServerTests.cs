using System.Net.Http.Json;
using System.Net;
using Scdn.Format.Wire;
using Scdn.Format;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

public sealed class ContentServerTests
{
    [Test]
    public async Task An_expelled_server_is_refused_and_what_it_holds_counts_no_more()
    {
        await using var cluster = await Cluster.StartAsync();
        var operators = cluster.Control.Operator;
        var before = (await operators.GetFromJsonAsync<List<ContentStatus>>("/v1/admin/contents", Viewer.Json))!.Single();

        using var expelled = await operators.DeleteAsync($"/v1/admin/servers/{cluster.Server.Id}");
        using var again = await operators.DeleteAsync($"/v1/admin/servers/{cluster.Server.Id}");

        Assert.That((before.HeldBy, before.Servers), Is.EqualTo((1, 1)));
        Assert.That((expelled.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.NoContent, HttpStatusCode.NoContent)));
        await Eventually.HoldsAsync(async () => (await cluster.Server.ReportLoadAsync()).StatusCode == HttpStatusCode.Forbidden, "the server is refused");
        await Eventually.HoldsAsync(async () => (await operators.GetFromJsonAsync<List<ServerStatus>>("/v1/admin/servers", Viewer.Json))!.Count == 0, "the server is not listed");
        await Eventually.HoldsAsync(
            async () => (await operators.GetFromJsonAsync<List<ContentStatus>>("/v1/admin/contents", Viewer.Json))!.Single() is { HeldBy: 0, Servers: 0 },
            "its replica does not count");
    }

    [Test]
    public async Task Who_expelled_a_server_stands_in_the_audit_log()
    {
        await using var cluster = await Cluster.StartAsync();
        using var expelled = await cluster.Control.Operator.DeleteAsync($"/v1/admin/servers/{cluster.Server.Id}");

        var last = (await cluster.Control.Operator.GetFromJsonAsync<AuditEntry[]>("/v1/admin/audit?limit=1", Viewer.Json))!.Single();

        Assert.That((last.Act, last.Status), Is.EqualTo(($"DELETE /v1/admin/servers/{cluster.Server.Id}", 204)));
    }

    [Test]
    public async Task What_was_asked_for_wrongly_stands_in_the_audit_log_as_refused()
    {
        await using var cluster = await Cluster.StartAsync();
        using var wrong = await cluster.Control.Operator.PostAsync("/v1/admin/users", new StringContent("{", null, "application/json"));

        var last = (await cluster.Control.Operator.GetFromJsonAsync<AuditEntry[]>("/v1/admin/audit?limit=1", Viewer.Json))!.Single();

        Assert.That((wrong.StatusCode, last.Act, last.Status), Is.EqualTo((HttpStatusCode.BadRequest, "POST /v1/admin/users", 400)));
    }

    [Test]
    public async Task Expels_no_server_that_never_joined()
    {
        await using var cluster = await Cluster.StartAsync();

        using var unknown = await cluster.Control.Operator.DeleteAsync($"/v1/admin/servers/{ServerId.New()}");
        using var malformed = await cluster.Control.Operator.DeleteAsync("/v1/admin/servers/s1");

        Assert.That(await Problem.DetailAsync(unknown, HttpStatusCode.NotFound), Does.Contain("no such content server"));
        Assert.That(await Problem.DetailAsync(malformed, HttpStatusCode.NotFound), Does.Contain("'s1'"));
    }
}
