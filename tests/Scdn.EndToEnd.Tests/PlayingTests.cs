using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests;

/// <summary>Playing from a cluster, whatever happens to it. Each test breaks the cluster, so each has its own.</summary>
internal sealed class PlayingTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan ReadAhead = TimeSpan.FromSeconds(5);

    private TestCluster? _cluster;

    private TestCluster Cluster => _cluster!;

    [SetUp]
    public async Task StartAsync() => _cluster = await TestCluster.StartAsync(seconds: (int)Length.TotalSeconds);

    [TearDown]
    public async Task StopAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Test]
    public Task Costs_no_stall_when_a_content_server_is_killed() => PlaysOnAsync("s1");

    [Test]
    public Task Costs_no_stall_when_the_control_host_with_the_primary_gateway_is_killed() => PlaysOnAsync("control");

    /// <summary>Plays with 5 seconds of play ahead, and kills a host once they are there: before, no player could promise anything.</summary>
    private async Task PlaysOnAsync(string victim)
    {
        var temporary = Cluster["playing"];
        using var playing = Cluster.Start([.. Cluster.Play("--read-ahead", $"{ReadAhead.TotalSeconds}", "--temp", temporary), "--json"]);
        await Eventually.HoldsAsync(() => playing.HasEnded || Fetched(temporary) >= BytesOf(ReadAhead), "five seconds of play are there");
        await Cluster.KillAsync(victim);
        var result = await playing.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Errors);
        var report = JsonDocument.Parse(result.Output).RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.GetProperty("played_to_end").GetBoolean(), result.Output);
            // How soon the play ahead is there is the machine's affair; from then on nothing may be missing.
            Assert.That(report.GetProperty("stalled_at").EnumerateArray().Where(place => place.GetDouble() > ReadAhead.TotalSeconds / 2), Is.Empty, result.Output);
            Assert.That(Directory.EnumerateFileSystemEntries(temporary), Is.Empty);
        }
    }

    private long BytesOf(TimeSpan play) => (long)(new FileInfo(Cluster.Film).Length * (play / Length));

    private static long Fetched(string temporary) =>
        Directory.Exists(temporary) ? Directory.EnumerateFiles(temporary, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) : 0;
}
