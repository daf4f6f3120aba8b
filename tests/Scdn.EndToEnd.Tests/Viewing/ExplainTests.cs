using System.Diagnostics;
using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests.Viewing;

/// <summary>What <c>scdn explain</c> says of plays that were disturbed. Each test breaks the cluster, so each has its own.</summary>
internal sealed class ExplainTests
{
    private TestCluster? _cluster;

    private TestCluster Cluster => _cluster!;

    [SetUp]
    public async Task StartAsync() => _cluster = await TestCluster.StartAsync(seconds: 30);

    [TearDown]
    public async Task StopAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Test]
    public async Task Names_a_server_that_was_killed_and_the_moment()
    {
        var (killed, report) = await DisturbAsync(() => Cluster.KillAsync("s1"));
        var explained = await Cluster.DoneAsync("explain", report.GetProperty("play").GetString()!);
        var trouble = TroubleOf(explained, killed, "left");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(trouble.GetProperty("fault").GetString(), Is.AnyOf("unreachable", "reset", "broke-off"));
            Assert.That(At(explained, trouble.GetProperty("since_ms")), Is.LessThan(DateTimeOffset.UtcNow));
            Assert.That(explained.GetProperty("summary").GetString(), Does.Contain("s1 "));
            Assert.That(Costs(explained), Is.EqualTo(report.GetProperty("stall_ms").GetInt64()).Within(1 + report.GetProperty("stalls").GetInt64()));
        }

        var counted = await Cluster.DoneAsync("stats", "--by", "server");
        Assert.That(counted.GetProperty("rows").EnumerateArray().Single(row => row.GetProperty("name").GetString() == "s1").GetProperty("failovers").GetInt64(), Is.GreaterThan(0), counted.ToString());
        Assert.That(counted.GetProperty("stalls").GetInt64(), Is.EqualTo(report.GetProperty("stalls").GetInt64()));
        var shown = await Cluster.RunAsync("explain", report.GetProperty("play").GetString()![..8]);
        Assert.That(shown.Output, Does.Contain("s1 was left: s1 ").And.Contain("the picture began to move").And.Contain("a gateway issued an authentication key for").And.Contain("s2 began to answer:"), shown.Errors);
    }

    [Test]
    public async Task Says_that_a_server_that_stands_still_was_silent()
    {
        var (stopped, report) = await DisturbAsync(() => SignalAsync("STOP"));
        try
        {
            var explained = await Cluster.DoneAsync("explain", "--user", TestCluster.Viewer);
            var trouble = TroubleOf(explained, stopped, "left", "late");
            using (Assert.EnterMultipleScope())
            {
                Assert.That(explained.GetProperty("explanation").GetProperty("play").GetProperty("play").GetString(), Is.EqualTo(report.GetProperty("play").GetString()));
                Assert.That((trouble.GetProperty("fault").GetString(), trouble.GetProperty("by").GetString()), Is.EqualTo(("silent", "s2")), explained.ToString());
                Assert.That(Costs(explained), Is.EqualTo(report.GetProperty("stall_ms").GetInt64()).Within(1 + report.GetProperty("stalls").GetInt64()));
            }
        }
        finally
        {
            await SignalAsync("CONT");
        }
    }

    [Test]
    public async Task Tells_what_servers_saw_of_a_play_whose_player_told_nothing()
    {
        var temporary = Cluster["playing"];
        using (Cluster.Start(Cluster.Play("--temp", temporary))) await FetchedAsync(temporary);
        // Disposed, the player is killed with signal 9.
        var explained = default(JsonElement);
        await Eventually.HoldsAsync(
            async () =>
            {
                explained = await Cluster.DoneAsync("explain", "--user", TestCluster.Viewer);
                return explained.GetProperty("explanation").GetProperty("served").GetArrayLength() == 2;
            },
            "both servers have handed in their records");

        Assert.That(explained.GetProperty("summary").GetString(), Does.StartWith("The player has told nothing of it. s").And.Contain(" sent "));
        Assert.That(explained.GetProperty("explanation").GetProperty("keys").GetArrayLength(), Is.EqualTo(1));
        Assert.That(await Cluster.RefusedAsync("explain", "0000"), Does.Contain("There is no play, and no session with a play, whose id is '0000'"));
    }

    /// <summary>What is said of the first server: that it was left, or was late until another had brought all that it was asked for.</summary>
    private static JsonElement TroubleOf(JsonElement explained, DateTimeOffset after, params string[] kinds) => EventsOf(explained).EnumerateArray().First(
        one => kinds.Contains(one.GetProperty("kind").GetString()) && one.GetProperty("server").GetString() == "s1" && At(explained, one.GetProperty("at_ms")) > after);

    private static JsonElement EventsOf(JsonElement explained) => explained.GetProperty("explanation").GetProperty("report").GetProperty("events");

    private static DateTimeOffset At(JsonElement explained, JsonElement milliseconds) =>
        explained.GetProperty("explanation").GetProperty("asked").GetDateTimeOffset().AddMilliseconds(milliseconds.GetInt64() + 1);

    private static long Costs(JsonElement explained) => EventsOf(explained).EnumerateArray().Where(one => one.GetProperty("kind").GetString() == "stalled").Sum(one => one.GetProperty("ms").GetInt64());

    private static long Fetched(string temporary) =>
        Directory.Exists(temporary) ? Directory.EnumerateFiles(temporary, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) : 0;

    private Task FetchedAsync(string temporary) => Eventually.HoldsAsync(() => Fetched(temporary) > new FileInfo(Cluster.Film).Length / 4, "a quarter of the film is there");

    /// <summary>Plays the film so fast that one server alone can't bring it, and does something to the first one once a quarter of it is there.</summary>
    private async Task<(DateTimeOffset At, JsonElement Report)> DisturbAsync(Func<Task> disturb)
    {
        var temporary = Cluster["playing"];
        using var playing = Cluster.Start([.. Cluster.Play("--read-ahead", "2", "--speed", "4", "--temp", temporary), "--json"]);
        await FetchedAsync(temporary);
        var at = DateTimeOffset.UtcNow;
        await disturb();
        var result = await playing.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Errors);
        return (at, JsonDocument.Parse(result.Output).RootElement);
    }

    private async Task SignalAsync(string signal)
    {
        using var sent = Process.Start("kill", [$"-{signal}", $"{Cluster.Host("s1").Pid}"]);
        await sent.WaitForExitAsync();
    }
}
