using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

[CancelAfter(60_000)]
internal sealed class OperatorTests
{
    private TempFolder _folder = null!;
    private RunningHost _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new();
        _host = await RunningHost.StartAsync(_folder["data"], "admin,gateway,ipmaster,cdmaster");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase(OperatorRole.Viewer, HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [TestCase(OperatorRole.Publisher, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [TestCase(OperatorRole.Operator, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.Forbidden)]
    [TestCase(OperatorRole.Owner, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.OK)]
    public async Task May_what_the_role_may(OperatorRole role, HttpStatusCode look, HttpStatusCode withdraw, HttpStatusCode addUser, HttpStatusCode listOperators)
    {
        using var client = As((await AddAsync("ann", role)).Token);
        using var looked = await client.GetAsync("/v1/admin/contents");
        using var withdrawn = await client.DeleteAsync($"/v1/admin/contents/{Guid.NewGuid()}");
        using var added = await client.PostAsJsonAsync("/v1/admin/users", new AddUserRequest("bob", "short", null, null));
        using var listed = await client.GetAsync("/v1/admin/operators");

        Assert.That((looked.StatusCode, withdrawn.StatusCode, added.StatusCode, listed.StatusCode), Is.EqualTo((look, withdraw, addUser, listOperators)));
    }

    [Test]
    public async Task Is_refused_once_it_was_revoked_and_says_why()
    {
        var added = await AddAsync("ann", OperatorRole.Operator);
        using var client = As(added.Token);
        using var revoked = await _host.Operator.DeleteAsync($"/v1/admin/operators/{added.Operator.Id}");
        using var refused = await client.GetAsync("/v1/admin/contents");

        Assert.That((revoked.StatusCode, refused.StatusCode), Is.EqualTo((HttpStatusCode.NoContent, HttpStatusCode.Unauthorized)));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("'ann' was revoked"));
    }

    [Test]
    public async Task Never_loses_its_last_owner()
    {
        var only = (await _host.Operator.GetFromJsonAsync<OperatorSummary[]>("/v1/admin/operators", HostJson.Options))!.Single();
        using var refused = await _host.Operator.DeleteAsync($"/v1/admin/operators/{only.Id}");
        await AddAsync("second", OperatorRole.Owner);
        using var revoked = await _host.Operator.DeleteAsync($"/v1/admin/operators/{only.Id}");

        Assert.That((refused.StatusCode, revoked.StatusCode), Is.EqualTo((HttpStatusCode.Conflict, HttpStatusCode.NoContent)));
    }

    [Test]
    public async Task Shows_no_token_in_its_list()
    {
        var added = await AddAsync("ann", OperatorRole.Viewer);
        var list = await _host.Operator.GetStringAsync("/v1/admin/operators");

        Assert.That(list, Does.Contain("\"ann\"").And.Contain("\"viewer\"").And.Not.Contain(added.Token));
    }

    [Test]
    public async Task Is_held_to_what_it_did_and_tried_to_do()
    {
        using var client = As((await AddAsync("ann", OperatorRole.Operator)).Token);
        using var added = await client.PostAsJsonAsync("/v1/admin/users", new AddUserRequest("bob", "secret enough", null, null));
        using var failed = await client.DeleteAsync("/v1/admin/users/nobody");
        using var denied = await client.GetAsync("/v1/admin/audit");
        using var tried = await client.DeleteAsync("/v1/admin/operators/0123456789abcdef");
        var told = await _host.Operator.GetStringAsync("/v1/admin/audit");
        var acts = (await _host.Operator.GetFromJsonAsync<AuditEntry[]>("/v1/admin/audit?limit=3", HostJson.Options))!;

        Assert.That(denied.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(
            acts.Select(act => $"{act.Operator}: {act.Act}, {act.Subject}, {act.Status}"),
            Is.EqualTo(["ann: DELETE /v1/admin/operators/0123456789abcdef, , 403", "ann: DELETE /v1/admin/users/nobody, , 404", "ann: POST /v1/admin/users, user 'bob', 200"]));
        Assert.That(told, Does.Not.Contain("secret enough").And.Contain("operator 'ann', Operator").Or.Contains("operator \u0027ann\u0027, Operator"));
    }

    private async Task<AddedOperator> AddAsync(string name, OperatorRole role)
    {
        using var response = await _host.Operator.PostAsJsonAsync("/v1/admin/operators", new AddOperatorRequest(name, role), HostJson.Options);
        Assert.That(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<AddedOperator>(HostJson.Options))!;
    }

    private HttpClient As(string token) => new() { BaseAddress = _host.Uri, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
}
