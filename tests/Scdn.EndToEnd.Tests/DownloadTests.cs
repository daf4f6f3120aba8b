using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests;

/// <summary>A film that a viewer with three plays takes along, watches without a line, and what the site says of it afterwards.</summary>
internal sealed class DownloadTests
{
    private const string Viewer = "bob";

    private TestCluster? _cluster;

    private TestCluster Cluster => _cluster!;

    private string Folder => Cluster["taken along"];

    private string Licence => Path.Combine(Folder, "licence.scdn");

    private string[] AsViewer => ["--user", Viewer, "--password-file", Cluster.PasswordFile];

    [SetUp]
    public async Task StartAsync()
    {
        _cluster = await TestCluster.StartAsync(seconds: 2);
        await Cluster.DoneAsync("user", "add", Viewer, "--password-file", Cluster.PasswordFile, "--plays", "3");
    }

    [TearDown]
    public async Task StopAsync() => await Cluster.DisposeAsync();

    [Test]
    public async Task Is_played_without_a_line_as_often_as_it_may_be_on_this_machine_and_an_older_copy_is_noticed()
    {
        var control = Cluster.Host("control").Uri;
        await Cluster.DoneAsync(["download", "film", "--to", Folder, .. AsViewer]);
        var first = await File.ReadAllBytesAsync(Licence);
        var again = await Cluster.DoneAsync(["download", "film", "--to", Folder, .. AsViewer]);
        Assert.That((again.GetProperty("plays_left").GetInt32(), again.GetProperty("is_whole").GetBoolean()), Is.EqualTo((3, true)), "The same again takes no further plays.");
        await Cluster.DoneAsync("cluster", "down");

        for (var play = 0; play < 3; play++)
        {
            var report = await PlayAsync(Cluster.Home);
            Assert.That((report.GetProperty("played_to_end").GetBoolean(), report.GetProperty("fetched_bytes").GetInt64()), Is.EqualTo((true, 0L)), report.ToString());
        }

        Assert.That(await RefusedAsync(Cluster.Home), Does.Contain("was played 3 times"));
        var elsewhere = Cluster["elsewhere"];
        Directory.CreateDirectory(elsewhere);
        Assert.That(await RefusedAsync(elsewhere), Does.Contain("another machine"));

        // Its ports may be somebody's own end of a connection meanwhile.
        await Eventually.HoldsAsync(async () => (await Cluster.RunAsync("cluster", "up", "--servers", "2", "--port-base", $"{control.Port}", "--detach")).ExitCode == 0, "the cluster is up at the same ports");
        var synced = JsonDocument.Parse((await RunAsync(Cluster.Home, ["downloads", "sync", .. AsViewer])).Output).RootElement;
        Assert.That(synced[0].GetProperty("receipts").GetInt32(), Is.Zero, synced.ToString());

        await File.WriteAllBytesAsync(Licence, first);
        Assert.That(await RefusedAsync(Cluster.Home), Does.Contain("older copy"));
        var refused = await RunAsync(Cluster.Home, ["downloads", "sync", .. AsViewer]);
        Assert.That((refused.ExitCode, JsonDocument.Parse(refused.Output).RootElement[0].GetProperty("over").GetString()), Is.EqualTo((1, "An older copy of this download was put back after it had been played: it is worth nothing any more, download the content again.")));
    }

    [Test]
    public async Task Gives_back_what_was_not_played_when_it_is_removed()
    {
        await Cluster.DoneAsync(["download", "film", "--to", Folder, .. AsViewer]);
        Assert.That(await Cluster.RefusedAsync([.. PlayOnLine]), Does.Contain("No plays are left"));
        await PlayAsync(Cluster.Home);

        var removed = await RunAsync(Cluster.Home, ["downloads", "remove", "film", .. AsViewer]);

        Assert.That((removed.ExitCode, Directory.Exists(Folder)), Is.EqualTo((0, false)), removed.Errors);
        await Cluster.DoneAsync([.. PlayOnLine]);
        await Cluster.DoneAsync([.. PlayOnLine]);
        Assert.That(await Cluster.RefusedAsync([.. PlayOnLine]), Does.Contain("No plays are left"));
    }

    private IEnumerable<string> PlayOnLine => ["play", "film", "--headless", "--speed", "8", .. AsViewer];

    private static Task<ProgramResult> RunAsync(string home, IEnumerable<string> arguments) => ScdnProcess.RunAsync(home, [.. arguments, "--json"]);

    private async Task<JsonElement> PlayAsync(string home)
    {
        var result = await RunAsync(home, ["downloads", "play", Folder, "--headless", "--speed", "8"]);
        Assert.That(result.ExitCode, Is.Zero, $"{result.Output}{result.Errors}");
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private async Task<string> RefusedAsync(string home)
    {
        var result = await RunAsync(home, ["downloads", "play", Folder, "--headless", "--speed", "8"]);
        Assert.That(result.ExitCode, Is.EqualTo(1), $"{result.Output}{result.Errors}");
        return JsonDocument.Parse(result.Errors).RootElement.GetProperty("error").GetString()!;
    }
}
