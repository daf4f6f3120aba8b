using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Scdn.Format.Wire;
using Scdn.Host.Tests.Samples;
using Scdn.Testing;

namespace Scdn.Host.Tests.Docs;

/// <summary><c>docs/integration.md</c>, with a real shell and curl, against a real control host and content server.</summary>
[CancelAfter(120_000)]
internal sealed class IntegrationTests
{
    private readonly TempFolder _folder = new();

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task Every_command_of_the_document_prints_what_the_document_shows(CancellationToken cancel)
    {
        await using var control = await RunningHost.StartAsync(_folder["control"], Cluster.ControlRoles);
        await using var server = await JoinAsync(control);
        using var sample = await SplitSample.MakeAsync();
        await sample.PublishAsync(control.Operator);
        await Eventually.HoldsAsync(async () => (await control.Operator.GetFromJsonAsync<ServerStatus[]>("/v1/admin/servers", Viewer.Json, cancel)) is [{ Alive: true, Contents: 1 }], "the server holds the film");
        Directory.CreateDirectory(_folder["site"]);
        File.Copy(_folder["control/operator.token"], _folder["site/operator.token"]);
        using var shell = new Shell(_folder["site"]);

        var document = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "integration.md"), cancel);
        var commands = DocumentedCommands.In(document.Replace("http://127.0.0.1:7400", control.Uri.ToString().TrimEnd('/'), StringComparison.Ordinal));
        foreach (var one in commands)
        {
            var (status, printed) = await shell.RunAsync(one.Command, cancel);
            Assert.That(status, Is.Zero, $"{one.Command}\n{printed}");
            if (one.Kind == "json") Assert.That(ShownJson.Difference(JsonNode.Parse(one.Printed), JsonNode.Parse(printed)), Is.Null, $"{one.Command}\n{printed}");
            else Assert.That(printed, Is.EqualTo(one.Printed.Trim()), one.Command);
        }

        Assert.That(commands, Has.Count.GreaterThan(10));
    }

    private async Task<RunningHost> JoinAsync(RunningHost control)
    {
        using var made = await control.Operator.PostAsync("/v1/admin/servers/tokens", content: null);
        var token = _folder.Write("join.token", System.Text.Encoding.ASCII.GetBytes((await made.Content.ReadFromJsonAsync<JoinTokenAnswer>(Viewer.Json))!.Token));
        return await RunningHost.StartAsync(_folder["s1"], "content", "--name", "s1", "--control", control.Uri.ToString(), "--join-token-file", token);
    }
}
