using System.Net.Http.Json;
using Scdn.Format.Wire;
using Scdn.Host.Tests.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Samples;

/// <summary>A control host over a store of either engine and two content servers, all of them whole hosts, with a content that both hold and a user.</summary>
internal sealed class ServingCluster : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<RunningHost> _hosts = [];

    public RunningHost Control => _hosts[0];

    public RunningHost First => _hosts[1];

    public RunningHost Second => _hosts[2];

    public SplitSample Sample { get; private set; } = null!;

    private readonly string[] _listen;

    private ServingCluster(string scheme) => _listen = ["--listen", $"{scheme}://127.0.0.1:0"];

    public static async Task<ServingCluster> StartAsync(Engine engine, string scheme = "http")
    {
        var cluster = new ServingCluster(scheme);
        string[] store = engine is Engine.Postgres ? ["--database", await SharedPostgres.MakeDatabaseAsync()] : [];
        cluster._hosts.Add(await RunningHost.StartAsync(cluster._folder["control"], Cluster.ControlRoles, [.. cluster._listen, .. store]));
        cluster.Sample = await SplitSample.MakeAsync();
        using var added = await cluster.Control.Operator.PostAsJsonAsync("/v1/admin/users", new AddUserRequest(Cluster.User, Cluster.Password), Viewer.Json);
        added.EnsureSuccessStatusCode();
        await cluster.Sample.PublishAsync(cluster.Control.Operator);
        foreach (var name in new[] { "s1", "s2" }) await cluster.StartServerAsync(name, name);
        await cluster.UntilAsync(servers => servers.Count == 2 && servers.All(server => server is { Alive: true, Contents: 1 }), "both servers hold the content");
        return cluster;
    }

    public string FolderOf(string server) => _folder[server];

    /// <summary>Starts a content server with a fresh token.</summary>
    public async Task<RunningHost> StartServerAsync(string name, string folder)
    {
        var file = _folder.Write($"{Guid.NewGuid():N}.token", await MakeTokenAsync());
        var server = await RunningHost.StartAsync(_folder[folder], "content", ["--name", name, "--control", Control.Uri.ToString(), "--join-token-file", file, .. _listen]);
        _hosts.Add(server);
        return server;
    }

    public async Task<string> MakeTokenAsync()
    {
        using var made = await Control.Operator.PostAsync("/v1/admin/servers/tokens", content: null);
        return (await made.Content.ReadFromJsonAsync<JoinTokenAnswer>(Viewer.Json))!.Token;
    }

    public async Task<IReadOnlyList<ServerStatus>> ServersAsync() => (await Control.Operator.GetFromJsonAsync<List<ServerStatus>>("/v1/admin/servers", Viewer.Json))!;

    public Task UntilAsync(Func<IReadOnlyList<ServerStatus>, bool> isSo, string what) => Eventually.HoldsAsync(async () => isSo(await ServersAsync()), what);

    public async Task ExpelAsync(string name)
    {
        var server = (await ServersAsync()).Single(one => one.Name == name);
        using var expelled = await Control.Operator.DeleteAsync($"/v1/admin/servers/{server.Id}");
        expelled.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts)) await host.DisposeAsync();
        Sample.Dispose();
        _folder.Dispose();
    }
}
