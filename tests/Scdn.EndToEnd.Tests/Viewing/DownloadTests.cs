using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests.Viewing;

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
    public async Task Is_refused_after_its_end_and_with_a_clock_that_was_turned_back()
    {
        await Cluster.DoneAsync(["download", "film", "--to", Folder, .. AsViewer]);
        await Cluster.DoneAsync("cluster", "down");

        await PlayAsync(Cluster.Home, TimeSpan.FromHours(5));
        Assert.That(await RefusedAsync(Cluster.Home, TimeSpan.FromHours(3)), Does.StartWith("This machine's clock was turned back").And.Contain("Set it right to play 'film'."));
        Assert.That(await RefusedAsync(Cluster.Home, TimeSpan.FromDays(31)), Does.StartWith("'film' could be played until ").And.Contain("download it again"));
        await PlayAsync(Cluster.Home, TimeSpan.FromHours(5));
    }

    [Test]
    public async Task Is_refused_on_another_machine_although_all_files_of_its_user_were_copied()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !File.Exists("/etc/machine-id")) Assert.Ignore("Only root of Linux can make this machine look like another one.");
        await Cluster.DoneAsync(["download", "film", "--to", Folder, .. AsViewer]);
        await File.WriteAllTextAsync(Cluster["machine-id"], $"{Guid.NewGuid():N}\n");
        using var elsewhere = ScdnProcess.StartElsewhere(Cluster.Home, Cluster["machine-id"], ["downloads", "play", Folder, "--headless", "--speed", "8", "--json"]);

        var result = await elsewhere.EndAsync();

        Assert.That(result.ExitCode, Is.EqualTo(1), result.Output + result.Errors);
        Assert.That(JsonDocument.Parse(result.Errors).RootElement.GetProperty("error").GetString(), Does.Contain("another machine").And.Contain(Folder));
        await PlayAsync(Cluster.Home);
    }

    [Test]
    public async Task Hands_in_what_was_played_whenever_a_command_talks_to_the_site_and_is_downloaded_anew_once_used_up()
    {
        await Cluster.DoneAsync(["download", "film", "--to", Folder, "--plays", "1", .. AsViewer]);
        var session = Path.Combine(Cluster.Home, "config", "scdn", "session.json");
        File.Move(session, Cluster["put away"]);
        await PlayAsync(Cluster.Home);
        Assert.That((await ListAsync())[0].GetProperty("receipts").GetInt32(), Is.EqualTo(1), "Nobody is signed in.");

        await Cluster.DoneAsync([.. PlayOnLine]);
        Assert.That((await ListAsync())[0].GetProperty("receipts").GetInt32(), Is.Zero);

        Assert.That(await RefusedAsync(Cluster.Home), Does.Contain("was played once").And.Contain("download it again"));
        var again = await Cluster.DoneAsync(["download", "film", "--to", Folder, .. AsViewer]);
        Assert.That((again.GetProperty("plays_left").GetInt32(), again.GetProperty("is_whole").GetBoolean()), Is.EqualTo((1, true)));
        await PlayAsync(Cluster.Home);
    }

    [Test]
    public async Task Is_known_by_the_folder_that_it_was_moved_to()
    {
        await Cluster.DoneAsync(["download", "film", "--to", Folder, .. AsViewer]);
        Directory.Move(Folder, Cluster["moved"]);
        Assert.That((await ListAsync()).GetArrayLength(), Is.Zero);

        var played = await RunAsync(Cluster.Home, ["downloads", "play", Cluster["moved"], "--headless", "--speed", "8"]);

        Assert.That(played.ExitCode, Is.Zero, played.Errors);
        Assert.That((await ListAsync())[0].GetProperty("folder").GetString(), Is.EqualTo(Cluster["moved"]));
        Assert.That((await RunAsync(Cluster.Home, ["downloads", "play", "film", "--headless", "--speed", "8"])).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Leaves_nothing_behind_when_it_is_refused()
    {
        Assert.That(await Cluster.RefusedAsync(["download", Guid.NewGuid().ToString(), "--to", Folder, .. AsViewer]), Does.Contain("is not published"));

        Assert.That((Directory.Exists(Folder), (await ListAsync()).GetArrayLength()), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task Says_that_there_is_no_room_and_goes_on_once_there_is()
    {
        using var disk = SmallDisk.TryMount(Folder, "size=100k");
        if (disk is null) Assert.Ignore("Only root of Linux can have a small disk.");
        Assert.That(await Cluster.RefusedAsync(["download", "film", "--to", Folder, .. AsViewer]), Does.StartWith("'film' needs ").And.Contain("run it again to go on"));

        Directory.CreateDirectory(Cluster["room"]);
        foreach (var file in Directory.EnumerateFiles(Folder)) File.Copy(file, Path.Combine(Cluster["room"], Path.GetFileName(file)));
        var whole = await Cluster.DoneAsync(["download", "film", "--to", Cluster["room"], .. AsViewer]);

        Assert.That((whole.GetProperty("plays_left").GetInt32(), whole.GetProperty("is_whole").GetBoolean()), Is.EqualTo((3, true)));
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

    private async Task<JsonElement> ListAsync() => JsonDocument.Parse((await RunAsync(Cluster.Home, ["downloads", "list"])).Output).RootElement;

    private async Task<ProgramResult> RunPlayAsync(string home, TimeSpan clockOff)
    {
        var shift = clockOff == TimeSpan.Zero ? new Dictionary<string, string?>() : ShiftedClock.By(clockOff);
        using var playing = ScdnProcess.StartWith(home, shift, ["downloads", "play", Folder, "--headless", "--speed", "8", "--json"]);
        return await playing.EndAsync();
    }

    private async Task<JsonElement> PlayAsync(string home, TimeSpan clockOff = default)
    {
        var result = await RunPlayAsync(home, clockOff);
        Assert.That(result.ExitCode, Is.Zero, $"{result.Output}{result.Errors}");
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private async Task<string> RefusedAsync(string home, TimeSpan clockOff = default)
    {
        var result = await RunPlayAsync(home, clockOff);
        Assert.That(result.ExitCode, Is.EqualTo(1), $"{result.Output}{result.Errors}");
        return JsonDocument.Parse(result.Errors).RootElement.GetProperty("error").GetString()!;
    }
}
