using System.Net.Http.Json;
using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Testing;

namespace Scdn.Host.Tests.Samples;

/// <summary>Two control hosts with all control roles over one PostgreSQL database, each with a data folder of its own, a user, and as many content servers as are started.</summary>
internal sealed class TwinControl : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<RunningHost> _servers = [];

    public RunningHost First { get; private set; } = null!;

    public RunningHost Second { get; private set; } = null!;

    public string Database { get; private init; } = null!;

    public static async Task<TwinControl> StartAsync()
    {
        var twins = new TwinControl { Database = await SharedPostgres.MakeDatabaseAsync() };
        twins.First = await twins.StartControlAsync("first");
        twins.ShareMasterKey("second");
        twins.Second = await twins.StartControlAsync("second");
        twins.Second.Operator.DefaultRequestHeaders.Authorization = twins.First.Operator.DefaultRequestHeaders.Authorization;
        using var added = await twins.First.Operator.PostAsJsonAsync("/v1/admin/users", new AddUserRequest(Cluster.User, Cluster.Password), Viewer.Json);
        added.EnsureSuccessStatusCode();
        return twins;
    }

    public string FolderOf(string host) => _folder[host];

    /// <summary>Starts a control host by the name of its folder, unless another is given.</summary>
    public Task<RunningHost> StartControlAsync(string folder, string? name = null, params string[] options) =>
        RunningHost.StartAsync(_folder[folder], Cluster.ControlRoles, [.. OptionsOf(name ?? folder), .. options]);

    /// <summary>Starts the first one again, on the same folder.</summary>
    public async Task StartFirstAgainAsync() => First = await StartControlAsync("first");

    /// <summary>What one says that does not start.</summary>
    public async Task<string> WhyNotStartedAsync(string folder, string name)
    {
        using var errors = new StringWriter();
        var code = await new HostCommand(TextWriter.Null, errors, TimeProvider.System).RunAsync(
            ["--roles", Cluster.ControlRoles, "--data", _folder[folder], "--listen", "http://127.0.0.1:0", "--log-file", _folder["refused.log"], .. OptionsOf(name)]);
        Assert.That(code, Is.EqualTo(1));
        return errors.ToString();
    }

    private string[] OptionsOf(string name) => ["--database", Database, "--name", name];

    /// <summary>Makes a data folder that holds nothing but the master key.</summary>
    public void ShareMasterKey(string folder)
    {
        Directory.CreateDirectory(_folder[folder]);
        File.Copy(_folder["first/master.key"], _folder[$"{folder}/master.key"]);
    }

    /// <summary>Starts a content server that knows one of the control hosts.</summary>
    public async Task<RunningHost> StartServerAsync(string name, RunningHost control)
    {
        using var made = await control.Operator.PostAsync("/v1/admin/servers/tokens", content: null);
        var file = _folder.Write($"{name}.token", (await made.Content.ReadFromJsonAsync<JoinTokenAnswer>(Viewer.Json))!.Token);
        var server = await RunningHost.StartAsync(_folder[name], "content", "--name", name, "--control", control.Uri.ToString(), "--join-token-file", file);
        _servers.Add(server);
        return server;
    }

    /// <summary>Waits until a control host sends viewers to so many servers, each of which holds so many contents.</summary>
    public static Task UntilServedAsync(RunningHost control, int servers, int contents = 1) => Eventually.HoldsAsync(
        async () => await control.Operator.GetFromJsonAsync<List<ServerStatus>>("/v1/admin/servers", Viewer.Json) is { } all && all.Count(server => server.Alive && server.Contents == contents) == servers,
        $"{servers} servers live and hold {contents} contents");

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
        await Second.DisposeAsync();
        await First.DisposeAsync();
        _folder.Dispose();
    }
}
