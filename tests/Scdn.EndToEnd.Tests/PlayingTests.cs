using System.Text.Json;
using Microsoft.Data.Sqlite;
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

    [Test]
    public async Task What_a_killed_player_had_fetched_the_next_one_does_not_fetch_and_removes()
    {
        var temporary = Cluster["playing"];
        using (var killed = Cluster.Start(Cluster.Play("--temp", temporary)))
        {
            await ListedAsync(killed, temporary);
            // Disposed, it is killed with SIGKILL.
        }

        Assert.That(Directory.EnumerateFileSystemEntries(temporary), Is.Not.Empty);
        var result = await Cluster.RunAsync([.. Cluster.Play("--temp", temporary), "--json"]);

        Assert.That(PlayedWithLess(result), result.Output + result.Errors);
        Assert.That(Directory.EnumerateFileSystemEntries(temporary), Is.Empty);
    }

    [Test]
    public async Task Players_at_the_same_time_fetch_nothing_twice_and_the_last_one_removes_it()
    {
        var temporary = Cluster["playing"];
        using var first = Cluster.Start([.. Cluster.Play("--temp", temporary), "--json"]);
        await ListedAsync(first, temporary);
        using var second = Cluster.Start([.. Cluster.Play("--temp", temporary, "--speed", "0.9"), "--json"]);
        var (before, result) = (await first.EndAsync(), await second.EndAsync());

        Assert.That(before.ExitCode, Is.Zero, before.Output + before.Errors);
        Assert.That(PlayedWithLess(result), result.Output + result.Errors);
        Assert.That(Directory.EnumerateFileSystemEntries(temporary), Is.Empty);
    }

    private static bool PlayedWithLess(ProgramResult result)
    {
        if (result.ExitCode != 0) return false;
        var report = JsonDocument.Parse(result.Output).RootElement;
        return report.GetProperty("played_to_end").GetBoolean() && report.GetProperty("fetched_bytes").GetInt64() < report.GetProperty("content_bytes").GetInt64() * 3 / 4;
    }

    /// <summary>Waits until the list of what was fetched says half of the film.</summary>
    private Task ListedAsync(ScdnProcess playing, string temporary) => Eventually.HoldsAsync(
        () =>
        {
            if (playing.HasEnded) throw new InvalidOperationException($"It ended: {playing.Output}");
            if (!Directory.Exists(temporary) || Directory.EnumerateFiles(temporary, "store.db", SearchOption.AllDirectories).FirstOrDefault() is not { } file) return false;
            using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'parts'";
            if (command.ExecuteScalar() is 0L) return false;
            command.CommandText = "SELECT coalesce(sum(bytes), 0) FROM parts";
            return command.ExecuteScalar() is long bytes && bytes > BytesOf(Length) / 2;
        },
        "half of the film is listed");

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
