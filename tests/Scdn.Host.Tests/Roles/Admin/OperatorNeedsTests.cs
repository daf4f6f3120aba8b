using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scdn.Format.Wire;
using Scdn.Grains.Operators;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

/// <summary>What every endpoint for operators takes, tried with every role and with tokens that lack its scope.</summary>
[CancelAfter(120_000)]
internal sealed partial class OperatorNeedsTests
{
    private const string Roles = "admin,cdmaster,ipmaster,proxy,gateway,site";

    private TempFolder _folder = null!;
    private RunningHost _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new();
        _host = await RunningHost.StartAsync(_folder["data"], Roles);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase("GET /v1/admin/contents", "viewer contents:read")]
    [TestCase("DELETE /v1/admin/contents/{id}", "publisher contents:write")]
    [TestCase("POST /v1/admin/contents/{id}/restore", "publisher contents:write")]
    [TestCase("PUT /v1/admin/uploads/{contentId}/parts/{partId}", "publisher uploads:write")]
    [TestCase("PUT /v1/admin/uploads/{contentId}/header", "publisher uploads:write")]
    [TestCase("PUT /v1/admin/content-keys/{contentId}", "publisher uploads:write")]
    [TestCase("GET /v1/admin/users", "viewer users:read")]
    [TestCase("POST /v1/admin/users", "operator users:write")]
    [TestCase("DELETE /v1/admin/users/{name}", "operator users:write")]
    [TestCase("GET /v1/admin/sessions", "viewer sessions:read")]
    [TestCase("POST /v1/admin/sessions", "operator sessions:write")]
    [TestCase("DELETE /v1/admin/sessions", "operator sessions:write")]
    [TestCase("GET /v1/admin/sessions/{id}/validity", "viewer sessions:read")]
    [TestCase("POST /v1/admin/keys", "operator keys:write")]
    [TestCase("POST /v1/admin/keys/verify", "viewer keys:read")]
    [TestCase("DELETE /v1/admin/keys/{id}", "operator keys:write")]
    [TestCase("GET /v1/admin/servers", "viewer servers:read")]
    [TestCase("DELETE /v1/admin/servers/{id}", "operator servers:write")]
    [TestCase("POST /v1/admin/servers/tokens", "operator servers:write")]
    [TestCase("GET /v1/admin/hosts", "viewer servers:read")]
    [TestCase("DELETE /v1/admin/hosts/{name}", "owner servers:write")]
    [TestCase("GET /v1/admin/status", "viewer statistics:read")]
    [TestCase("GET /v1/admin/events", "viewer statistics:read")]
    [TestCase("GET /v1/admin/log", "viewer statistics:read")]
    [TestCase("GET /v1/admin/operators", "owner operators:read")]
    [TestCase("POST /v1/admin/operators", "owner operators:write")]
    [TestCase("PUT /v1/admin/operators/{name}/password", "owner operators:write")]
    [TestCase("DELETE /v1/admin/operators/{name}", "owner operators:write")]
    [TestCase("PUT /v1/admin/password", "viewer operators:write")]
    [TestCase("GET /v1/admin/tokens", "viewer operators:read")]
    [TestCase("POST /v1/admin/tokens", "viewer operators:write")]
    [TestCase("DELETE /v1/admin/tokens/{id}", "viewer operators:write")]
    [TestCase("GET /v1/admin/audit", "owner audit:read")]
    [TestCase("POST /v1/admin/sign-out", "viewer ")]
    public async Task Are_said_by_the_endpoint(string endpoint, string needs)
    {
        var all = await EndpointsAsync();

        Assert.That(all.Where(one => one.Name == endpoint).Select(one => $"{one.Need.Role.ToString().ToLowerInvariant()} {one.Need.Scope}"), Is.EqualTo([needs]));
    }

    [Test]
    public async Task Hold_for_every_role()
    {
        var wrong = new List<string>();
        foreach (var role in Enum.GetValues<OperatorRole>())
        {
            using var client = await AsAsync(new("table", role));
            foreach (var endpoint in await EndpointsAsync())
            {
                var status = (await SendAsync(client, endpoint)).Status;
                if (status == HttpStatusCode.Unauthorized || (status == HttpStatusCode.Forbidden) != (role < endpoint.Need.Role)) wrong.Add($"{endpoint.Name} as {role}: {status}");
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task Hold_for_every_scope()
    {
        var wrong = new List<string>();
        foreach (var endpoint in await EndpointsAsync())
        {
            if (endpoint.Need.Scope is not { } scope) continue;
            using var with = await AsAsync(new("with", OperatorRole.Owner, [scope]));
            using var without = await AsAsync(new("without", OperatorRole.Owner, [.. AllScopes().Where(one => !one.Covers(scope))]));
            var (granted, denied) = (await SendAsync(with, endpoint), await SendAsync(without, endpoint));
            if (granted.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) wrong.Add($"{endpoint.Name} with {scope}: {granted.Status}");
            if (denied.Status != HttpStatusCode.Forbidden || !denied.Told.Contains($"lacks the scope {scope}", StringComparison.Ordinal)) wrong.Add($"{endpoint.Name} without {scope}: {denied.Status}");
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task Are_said_or_the_host_does_not_start()
    {
        await using var app = Build();
        app.MapGet("/v1/admin/forgotten", () => "").ForOperators();

        Assert.That(() => TrustPolicies.RequireEverywhere(app), Throws.InvalidOperationException.With.Message.Contains("/v1/admin/forgotten"));
    }

    private static IEnumerable<OperatorScope> AllScopes() => Enum.GetValues<OperatorArea>().SelectMany(area => (OperatorScope[])[new(area, false), new(area, true)]);

    private static async Task<(HttpStatusCode Status, string Told)> SendAsync(HttpClient client, OperatorEndpoint endpoint)
    {
        var path = Parameter().Replace(endpoint.Path, parameter => parameter.Value == "{name}" ? "nobody" : Guid.NewGuid().ToString());
        using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), path);
        // Live events have no end.
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpClient> AsAsync(AddTokenRequest token)
    {
        using var response = await _host.Operator.PostAsJsonAsync("/v1/admin/tokens", token, HostJson.Options);
        Assert.That(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var text = (await response.Content.ReadFromJsonAsync<AddedToken>(HostJson.Options))!.Token;
        return new() { BaseAddress = _host.Uri, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", text) } };
    }

    /// <summary>All endpoints for operators that a host with all control roles has.</summary>
    private async Task<IReadOnlyList<OperatorEndpoint>> EndpointsAsync()
    {
        await using var app = Build();
        var all =
            from endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            where endpoint.Metadata.GetMetadata<TrustPolicyMetadata>()?.Policy == TrustPolicy.Operators
            from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            select new OperatorEndpoint(method, $"/{endpoint.RoutePattern.RawText?.Trim('/')}", OperatorNeeds.Of(endpoint, method));
        return [.. all];
    }

    private WebApplication Build()
    {
        var options = new HostOptions();
        var command = new RootCommand();
        foreach (var option in options.All.Concat(HostRoles.All.SelectMany(role => role.Options))) command.Options.Add(option);
        var parsed = command.Parse(["--roles", Roles, "--data", _folder["other"]]);
        var faults = new List<string>();
        var builder = HostBuilding.Begin(options.Read(parsed, faults), parsed, TimeProvider.System, faults);
        Assert.That(faults, Is.Empty);
        var app = builder.Build();
        builder.Map(app);
        return app;
    }

    [GeneratedRegex("\\{[^}]+\\}")]
    private static partial Regex Parameter();

    private sealed record OperatorEndpoint(string Method, string Path, OperatorNeed Need)
    {
        public string Name => $"{Method} {Path}";
    }
}
