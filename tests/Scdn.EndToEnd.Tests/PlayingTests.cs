using System.Text.Json;

namespace Scdn.EndToEnd.Tests;

/// <summary>Playing from a cluster, whatever happens to it. Each test breaks the cluster, so each has its own.</summary>
internal sealed class PlayingTests
{
    private TestCluster? _cluster;

    private TestCluster Cluster => _cluster!;

    [SetUp]
    public async Task StartAsync() => _cluster = await TestCluster.StartAsync(seconds: 12);

    [TearDown]
    public async Task StopAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Test]
    public Task Costs_no_stall_when_a_content_server_is_killed() => PlaysOnAsync("s1");

    [Test]
    public Task Costs_no_stall_when_the_control_host_with_the_primary_gateway_is_killed() => PlaysOnAsync("control");

    /// <summary>Plays with 5 seconds of play ahead, and kills a host once the player has begun.</summary>
    private async Task PlaysOnAsync(string victim)
    {
        var temporary = Cluster["playing"];
        using var playing = Cluster.Start([.. Cluster.Play("--read-ahead", "5", "--temp", temporary), "--json"]);
        while (!playing.HasEnded && !HasFetched(temporary)) await Task.Yield();
        await Cluster.KillAsync(victim);
        var result = await playing.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Errors);
        var report = JsonDocument.Parse(result.Output).RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.GetProperty("played_to_end").GetBoolean(), result.Output);
            Assert.That(report.GetProperty("stalls").GetInt32(), Is.Zero, result.Output);
            Assert.That(Directory.EnumerateFileSystemEntries(temporary), Is.Empty);
        }
    }

    private static bool HasFetched(string temporary) =>
        Directory.Exists(temporary) && Directory.EnumerateFiles(temporary, "*", SearchOption.AllDirectories).Any(file => new FileInfo(file).Length > 0);
}
