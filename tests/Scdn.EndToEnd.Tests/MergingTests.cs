using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests;

/// <summary>Merging from a cluster, by its control host's address alone.</summary>
internal sealed class MergingTests
{
    private TestCluster? _cluster;

    private TestCluster Cluster => _cluster!;

    [OneTimeSetUp]
    public async Task StartAsync() => _cluster = await TestCluster.StartAsync(seconds: 16);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Test]
    public async Task Restores_the_original_by_its_title()
    {
        var merged = await DoneAsync(Cluster, ["merge", "film", "--out", Cluster["by-title.mp4"]]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await File.ReadAllBytesAsync(Cluster["by-title.mp4"]), Is.EqualTo(await File.ReadAllBytesAsync(Cluster.Film)));
            Assert.That(merged.GetProperty("length").GetInt64(), Is.EqualTo(new FileInfo(Cluster.Film).Length));
        }
    }

    [Test]
    public async Task Restores_the_original_of_a_header_and_of_no_other()
    {
        await ScdnProcess.RunAsync(Cluster.Home, "split", Cluster.Film, "--out", Cluster["split"]);
        await ScdnProcess.RunAsync(Cluster.Home, "split", Cluster.Film, "--out", Cluster["unpublished"]);
        await Cluster.DoneAsync("publish", Cluster["split/film.mp4.enp"], "--title", "second");
        await Cluster.HeldByAllAsync();
        await DoneAsync(Cluster, ["merge", Cluster["split/film.mp4.enp"], "--out", Cluster["by-header.mp4"]]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await File.ReadAllBytesAsync(Cluster["by-header.mp4"]), Is.EqualTo(await File.ReadAllBytesAsync(Cluster.Film)));
            Assert.That(await RefusedAsync("merge", Cluster["unpublished/film.mp4.enp"], "--out", Cluster["none.mp4"]), Does.Contain("is not published"));
        }
    }

    [Test]
    public async Task Restores_a_content_that_was_published_again_under_another_key_by_another_publisher_key()
    {
        await ScdnProcess.RunAsync(Cluster.Home, "split", Cluster.Film, "--out", Cluster["first"]);
        await Cluster.DoneAsync("publish", Cluster["first/film.mp4.enp"], "--title", "rotated");
        await ScdnProcess.RunAsync(Cluster.Home, "keygen", "--rotate");
        await ScdnProcess.RunAsync(Cluster.Home, "rekey", Cluster["first/film.mp4.enp"], "--out", Cluster["renewed"]);
        await Cluster.DoneAsync("publish", Cluster["renewed/film.mp4.enp"], "--title", "rotated");
        await Cluster.HeldByAllAsync();
        // Servers may hold all that they were told of before they are told of the new version.
        await Eventually.HoldsAsync(
            async () => (await ScdnProcess.RunAsync(Cluster.Home, AsViewer(Cluster, ["merge", Cluster["renewed/film.mp4.enp"], "--check"]))).ExitCode == 0, "the new version is there");
        await DoneAsync(Cluster, ["merge", Cluster["renewed/film.mp4.enp"], "--out", Cluster["rotated.mp4"]]);
        Assert.That(await File.ReadAllBytesAsync(Cluster["rotated.mp4"]), Is.EqualTo(await File.ReadAllBytesAsync(Cluster.Film)));
    }

    [Test]
    public async Task Checks_without_writing()
    {
        var before = Directory.GetFileSystemEntries(Cluster.Home);
        var whole = await DoneAsync(Cluster, ["merge", "film", "--check"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(whole.GetProperty("length").GetInt64(), Is.EqualTo(new FileInfo(Cluster.Film).Length));
            Assert.That(Directory.GetFileSystemEntries(Cluster.Home), Is.EquivalentTo(before));
        }
    }

    [Test]
    public async Task Goes_on_where_it_was_interrupted()
    {
        Directory.CreateDirectory(Cluster["there"]);
        string[] merge = ["merge", "film", "--out", Cluster["there/film.mp4"]];
        using (var merging = ScdnProcess.Start(Cluster.Home, AsViewer(Cluster, merge)))
        {
            await Eventually.HoldsAsync(() => merging.HasEnded || Notes(Cluster["there"]) > 0, "something is kept");
            merging.Interrupt();
            Assert.That((await merging.EndAsync()).Errors, Does.Contain("run it again"));
        }

        var merged = await DoneAsync(Cluster, merge);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await File.ReadAllBytesAsync(Cluster["there/film.mp4"]), Is.EqualTo(await File.ReadAllBytesAsync(Cluster.Film)));
            Assert.That(merged.GetProperty("kept_bytes").GetInt64(), Is.Positive);
            Assert.That(Directory.GetFileSystemEntries(Cluster["there"]), Has.Length.EqualTo(1));
        }
    }

    [Test]
    public async Task Says_that_there_is_no_such_content() =>
        Assert.That(await RefusedAsync("merge", "another film", "--out", Cluster["none.mp4"]), Does.Contain("another film"));

    [Test]
    public async Task Refuses_a_wrong_password()
    {
        var wrong = Cluster["wrong"];
        await File.WriteAllTextAsync(wrong, "battery staple\n");
        var result = await ScdnProcess.RunAsync(Cluster.Home, "merge", "film", "--from", From(Cluster), "--user", TestCluster.Viewer, "--password-file", wrong, "--out", Cluster["none.mp4"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(result.Errors.Trim().Split('\n'), Has.Length.EqualTo(1));
            Assert.That(File.Exists(Cluster["none.mp4"]), Is.False);
        }
    }

    [Test]
    public async Task Restores_the_original_although_a_content_server_dies()
    {
        await using var cluster = await TestCluster.StartAsync(seconds: 16);
        Directory.CreateDirectory(cluster["there"]);
        using var merging = ScdnProcess.Start(cluster.Home, AsViewer(cluster, ["merge", "film", "--out", cluster["there/film.mp4"]]));
        await Eventually.HoldsAsync(() => merging.HasEnded || Notes(cluster["there"]) > 0, "something is there");
        Assert.That(merging.HasEnded, Is.False, "it is in the middle");
        await cluster.KillAsync("s1");
        var result = await merging.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(await File.ReadAllBytesAsync(cluster["there/film.mp4"]), Is.EqualTo(await File.ReadAllBytesAsync(cluster.Film)));
    }

    private static string From(TestCluster cluster) => cluster.Host("control").Uri.ToString();

    private static IEnumerable<string> AsViewer(TestCluster cluster, IEnumerable<string> arguments) =>
        [.. arguments, "--from", From(cluster), "--user", TestCluster.Viewer, "--password-file", cluster.PasswordFile, "--json"];

    private static async Task<JsonElement> DoneAsync(TestCluster cluster, IEnumerable<string> arguments)
    {
        var result = await ScdnProcess.RunAsync(cluster.Home, AsViewer(cluster, arguments));
        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Errors);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private async Task<string> RefusedAsync(params IEnumerable<string> arguments)
    {
        var result = await ScdnProcess.RunAsync(Cluster.Home, AsViewer(Cluster, arguments));
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Output + result.Errors);
        return JsonDocument.Parse(result.Errors).RootElement.GetProperty("error").GetString()!;
    }

    /// <summary>Bytes of notes that a merge into the folder has made, behind what its journal begins with.</summary>
    private static long Notes(string folder) =>
        Directory.EnumerateDirectories(folder, ".scdn-merge-*").Select(scratch => new FileInfo(Path.Combine(scratch, "journal"))).Sum(file => file.Exists ? file.Length - 36 : 0);
}
