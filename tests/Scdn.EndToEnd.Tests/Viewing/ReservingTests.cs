using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests.Viewing;

/// <summary>A film on a line that is too slow for it.</summary>
internal sealed class ReservingTests
{
    private TestCluster? _cluster;

    private TestCluster Cluster => _cluster!;

    private string Temporary => Cluster["reserved"];

    [SetUp]
    public async Task StartAsync() => _cluster = await TestCluster.StartAsync(seconds: 20, rate: "300kbit");

    [TearDown]
    public async Task StopAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Test]
    public async Task Waits_is_killed_goes_on_and_begins_by_itself_for_one_play()
    {
        using (var killed = Cluster.Start(Reserve("--user", TestCluster.Viewer, "--password-file", Cluster.PasswordFile)))
        {
            // Disposed, it is killed with SIGKILL.
            await Eventually.HoldsAsync(async () => killed.HasEnded ? throw new InvalidOperationException(killed.Output) : await ListAsync() is [var begun] && begun.GetProperty("held_bytes").GetInt64() > 256 * 1024, "some of it is here");
        }

        var reserved = (await ListAsync()).Single();
        Assert.That((reserved.GetProperty("title").GetString(), reserved.GetProperty("is_under_way").GetBoolean()), Is.EqualTo(("film", false)));

        var result = await Cluster.RunAsync(Reserve());

        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Errors);
        var report = JsonDocument.Parse(result.Output).RootElement;
        var reserve = report.GetProperty("reserve");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.GetProperty("played_to_end").GetBoolean(), result.Output);
            Assert.That(report.GetProperty("fetched_bytes").GetInt64(), Is.LessThan(report.GetProperty("content_bytes").GetInt64()));
            Assert.That(reserve.GetProperty("held_bytes_before").GetInt64(), Is.GreaterThan(256 * 1024));
            Assert.That(reserve.GetProperty("first_promise_seconds").GetDouble(), Is.Positive);
            // Nothing that was needed came later than it was: how fast this machine decodes is another thing.
            Assert.That(reserve.GetProperty("ready_seconds").GetDouble(), Is.GreaterThanOrEqualTo(reserve.GetProperty("hindsight_seconds").GetDouble()), result.Output);
            Assert.That(Directory.EnumerateFileSystemEntries(Temporary), Is.Empty);
        }

        var statistics = await Cluster.DoneAsync("stats", "--by", "user");
        Assert.That(statistics.GetProperty("plays").GetInt32(), Is.EqualTo(1), statistics.ToString());
    }

    [Test]
    public async Task An_interrupted_one_is_listed_and_given_up()
    {
        using (var interrupted = Cluster.Start(Reserve("--user", TestCluster.Viewer, "--password-file", Cluster.PasswordFile)))
        {
            await Eventually.HoldsAsync(async () => interrupted.HasEnded ? throw new InvalidOperationException(interrupted.Output) : await ListAsync() is [var begun] && begun.GetProperty("held_bytes").GetInt64() > 0, "something of it is here");
            interrupted.Interrupt();
            var result = await interrupted.EndAsync();

            Assert.That(result.ExitCode, Is.EqualTo(130), result.Output + result.Errors);
            Assert.That(JsonDocument.Parse(result.Errors).RootElement.GetProperty("error").GetString(), Does.Contain("run it again with --reserve to go on"));
        }

        Assert.That((await ReservationsAsync("remove", "film")).GetProperty("done").GetString(), Is.EqualTo("removed"));
        Assert.That(await ListAsync(), Is.Empty);
        Assert.That(Directory.EnumerateFileSystemEntries(Temporary), Is.Empty);
    }

    [Test]
    public async Task Begins_nothing_where_there_is_no_room()
    {
        using var disk = SmallDisk.TryMount(Cluster["small"], "size=4m");
        if (disk is null) Assert.Ignore("Only root of Linux can have a small disk.");

        var sentence = await Cluster.RefusedAsync("play", "film", "--headless", "--reserve", "--temp", disk.Path, "--user", TestCluster.Viewer, "--password-file", Cluster.PasswordFile);

        Assert.That(sentence, Does.Contain("make room, or name another place with --temp"));
        Assert.That((await Cluster.DoneAsync("stats", "--by", "user")).GetProperty("plays").GetInt32(), Is.Zero);
    }

    private IEnumerable<string> Reserve(params IEnumerable<string> options) => ["play", "film", "--headless", "--reserve", "--temp", Temporary, "--json", .. options];

    private async Task<List<JsonElement>> ListAsync() => [.. (await ReservationsAsync("list")).EnumerateArray()];

    private async Task<JsonElement> ReservationsAsync(params IEnumerable<string> arguments)
    {
        var result = await ScdnProcess.RunAsync(Cluster.Home, ["reservations", .. arguments, "--temp", Temporary, "--json"]);
        return result.ExitCode == 0 ? JsonDocument.Parse(result.Output).RootElement : throw new InvalidOperationException(result.Output + result.Errors);
    }
}
