using System.Net.Http.Json;
using Scdn.Format.Wire;
using Scdn.Testing;

namespace Scdn.Host.Tests.Samples;

/// <summary>A control host with all control roles, a published content, a content server that says it holds it, and a user.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    public const string ControlRoles = "admin,cdmaster,ipmaster,proxy,gateway,site";
    public const string User = "alice";
    public const string Password = "correct horse battery";

    private readonly TempFolder _folder = new();

    public ShiftedTime Time { get; } = new();

    public RunningHost Control { get; private set; } = null!;

    public SplitSample Sample { get; private set; } = null!;

    public HostPeer Server { get; private set; } = null!;

    public string DataFolder => _folder["data"];

    public static async Task<Cluster> StartAsync(int? plays = null, params (string Name, string? Value)[] settings)
    {
        var cluster = new Cluster();
        cluster.Control = await RunningHost.StartAsync(cluster.Time, cluster.DataFolder, ControlRoles);
        if (settings.Length > 0) await cluster.ConfigureAsync(settings);
        cluster.Sample = await SplitSample.MakeAsync();
        cluster.Server = new HostPeer(cluster.Control.Uri, cluster.Time);
        using var added = await cluster.Control.Operator.PostAsJsonAsync("/v1/admin/users", new AddUserRequest(User, Password, plays), Viewer.Json);
        added.EnsureSuccessStatusCode();
        await cluster.Server.JoinAsync(cluster.Control.Operator);
        await cluster.Sample.PublishAsync(cluster.Control.Operator);
        await cluster.Server.HoldAsync(cluster.Sample.Content);
        await cluster.UntilServedAsync();
        return cluster;
    }

    /// <summary>The IP master learns what a server holds a moment after the CD master was told.</summary>
    private Task UntilServedAsync() => Eventually.HoldsAsync(
        async () =>
        {
            (await Server.ReportLoadAsync()).EnsureSuccessStatusCode();
            var servers = await Control.Operator.GetFromJsonAsync<List<ServerStatus>>("/v1/admin/servers", Viewer.Json);
            return servers is [{ Alive: true, Contents: 1 }];
        },
        "the content server lives and holds the content");

    /// <summary>Where billing is, as settings say it.</summary>
    public static (string Name, string? Value)[] Billing(string url) => [("billing.url", url), ("billing.private-addresses", "127.0.0.1")];

    /// <summary>Sets settings; they are in force when it returns.</summary>
    public async Task ConfigureAsync(params (string Name, string? Value)[] settings)
    {
        var present = (await Control.Operator.GetFromJsonAsync<ConfigurationAnswer>("/v1/admin/configuration", Viewer.Json))!;
        var edit = new ConfigurationEdit(present.Version, settings.ToDictionary(one => one.Name, one => one.Value));
        using var changed = await Control.Operator.PatchAsJsonAsync("/v1/admin/configuration", edit, Viewer.Json);
        Assert.That(changed.IsSuccessStatusCode, await changed.Content.ReadAsStringAsync());
    }

    public async Task<Viewer> SignInAsync(string user = User)
    {
        var viewer = new Viewer(Control.Uri, Time);
        (await viewer.SignInAsync(user, Password)).EnsureSuccessStatusCode();
        return viewer;
    }

    /// <summary>Plays; the server says just before that it lives.</summary>
    public async Task<HttpResponseMessage> PlayAsync(Viewer viewer, PlayRequest request)
    {
        (await Server.ReportLoadAsync()).EnsureSuccessStatusCode();
        return await viewer.SendAsync(HttpMethod.Post, "/v1/site/play", request);
    }

    public async ValueTask DisposeAsync()
    {
        Server.Dispose();
        await Control.DisposeAsync();
        Sample.Dispose();
        _folder.Dispose();
    }
}
