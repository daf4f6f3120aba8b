using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting.OpenApi;

/// <summary>The document of a control host, as it serves it, held against the endpoints that it has.</summary>
internal sealed class OpenApiTests
{
    private readonly TempFolder _folder = new();
    private WebApplication _app = null!;
    private OpenApiDocument _document = null!;
    private OpenApiDiagnostic _diagnostic = null!;

    private IEnumerable<(string Name, OpenApiOperation Operation)> Operations =>
        _document.Paths.SelectMany(path => path.Value.Operations!.Select(operation => ($"{operation.Key} {path.Key}", operation.Value)));

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var (options, faults) = (new HostOptions(), new List<string>());
        var command = new RootCommand();
        foreach (var option in options.All.Concat(HostRoles.All.SelectMany(role => role.Options))) command.Options.Add(option);
        var parsed = command.Parse(["--roles", Cluster.ControlRoles, "--data", _folder.Path, "--listen", "http://127.0.0.1:0", "--log-file", _folder["log"]]);
        var building = HostBuilding.Begin(options.Read(parsed, faults), parsed, TimeProvider.System, faults);
        Assert.That(faults, Is.Empty);
        _app = building.Build();
        building.Map(_app);
        await _app.StartAsync();
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(new Uri(_app.Urls.First()), "/openapi/v1.json"));
        var read = OpenApiDocument.Parse(text, "json");
        (_document, _diagnostic) = (read.Document!, read.Diagnostic!);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public void It_is_valid() => Assert.That(_diagnostic.Errors.Concat(_diagnostic.Warnings).Select(fault => $"{fault.Pointer}: {fault.Message}"), Is.Empty);

    [Test]
    public void It_names_every_endpoint_that_is_not_for_hosts()
    {
        var mapped = Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<TrustPolicyMetadata>()!.Policy != TrustPolicy.Hosts).SelectMany(Names).ToList();

        Assert.That(mapped.Except(Operations.Select(one => one.Name)), Is.EquivalentTo(["GET /openapi/v1.json", "POST /v1/hosts/join"]));
        Assert.That(Operations.Select(one => one.Name).Except(mapped), Is.Empty);
    }

    [Test]
    public void Every_operation_says_what_it_does_and_what_it_answers_with()
    {
        Assert.Multiple(() =>
        {
            foreach (var (name, operation) in Operations)
            {
                Assert.That(operation.Summary, Is.Not.Null.And.Not.Empty, name);
                Assert.That(operation.Responses!.ContainsKey("204") || operation.Responses.GetValueOrDefault("200")?.Content?.Values.All(answer => answer.Schema is not null) == true, name);
                Assert.That(operation.Responses["default"].Content!.Keys, Is.EqualTo(["application/problem+json"]), name);
            }
        });
    }

    [Test]
    public void Pins_are_text() =>
        Assert.That(_document.Components!.Schemas!["OperatorSignInAnswer"].Properties!["pins"].Type, Is.EqualTo(JsonSchemaType.String | JsonSchemaType.Null));

    [Test]
    public void Every_operation_says_what_is_shown()
    {
        var schemes = Endpoints().SelectMany(endpoint => Names(endpoint).Select(name => (name, endpoint.Metadata.GetMetadata<TrustPolicyMetadata>()!.Policy))).ToDictionary();
        Assert.Multiple(() =>
        {
            foreach (var (name, operation) in Operations.Where(one => schemes[one.Name] != TrustPolicy.Open))
                Assert.That(operation.Security?.SelectMany(one => one.Keys).Select(scheme => scheme.Reference.Id), Is.EqualTo([schemes[name] == TrustPolicy.Viewers ? "viewer" : "operator"]), name);
        });
    }

    [Test]
    public void Every_part_of_an_address_is_a_parameter()
    {
        Assert.Multiple(() =>
        {
            foreach (var (name, operation) in Operations)
                Assert.That(operation.Parameters?.Where(one => one.In == ParameterLocation.Path).Select(one => $"{{{one.Name}}}") ?? [], Is.EquivalentTo(name.Split('/').Where(part => part.StartsWith('{'))), name);
        });
    }

    [Test]
    public void An_id_is_a_uuid_and_a_number_no_text()
    {
        var granted = _document.Components!.Schemas!["EntitlementSummary"].Properties!;

        Assert.That((granted["content"].Type, granted["content"].Format), Is.EqualTo((JsonSchemaType.String, "uuid")));
        Assert.That(granted["playsLeft"].Type, Is.EqualTo(JsonSchemaType.Integer | JsonSchemaType.Null));
    }

    [Test]
    public void Members_are_described_as_they_are_in_the_code() =>
        Assert.That(_document.Components!.Schemas!["EntitlementRequest"].Properties!["streams"].Description, Does.StartWith("Streams at the same time"));

    private IEnumerable<RouteEndpoint> Endpoints() => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    private static IEnumerable<string> Names(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}");
}
