using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests;

/// <summary>Playing with a mirror beside a cluster of processes. Each test breaks the cluster, so each has its own.</summary>
internal sealed class MirrorTests
{
    private TestCluster? _cluster;
    private ScriptedServer? _mirror;

    private TestCluster Cluster => _cluster!;

    private ScriptedServer Mirror => _mirror!;

    [SetUp]
    public async Task StartAsync()
    {
        _cluster = await TestCluster.StartAsync(seconds: 12);
        Directory.CreateDirectory(Cluster["mirror"]);
        foreach (var file in Directory.EnumerateFiles(Cluster.ServerData("s1"), "*", SearchOption.AllDirectories).Where(file => Guid.TryParse(Path.GetFileName(file), out _)))
            File.Copy(file, Path.Combine(Cluster["mirror"], Path.GetFileName(file)));
        _mirror = new(Cluster["mirror"], "mirror");
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_mirror is not null) await _mirror.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Test]
    public async Task Carries_a_play_to_its_end_when_all_content_servers_are_killed()
    {
        using var playing = Cluster.Start([.. Cluster.Play("--read-ahead", "2", "--mirror", Mirror.Mirror.ToString()), "--json"]);
        await PlaysOnAsync(playing);
    }

    [Test]
    public async Task Carries_it_likewise_when_an_operator_has_named_it()
    {
        await Cluster.DoneAsync("config", "set", "mirrors", Mirror.Mirror.ToString());
        using var playing = Cluster.Start([.. Cluster.Play("--read-ahead", "2"), "--json"]);
        await PlaysOnAsync(playing);
    }

    /// <summary>Kills all content servers once the play has begun.</summary>
    private async Task PlaysOnAsync(ScdnProcess playing)
    {
        await Eventually.HoldsAsync(() => playing.HasEnded || Mirror.Requests.Count > 0, "the mirror was asked");
        await Task.WhenAll(Cluster.KillAsync("s1"), Cluster.KillAsync("s2"));
        var result = await playing.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Errors);
        var report = JsonDocument.Parse(result.Output).RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.GetProperty("played_to_end").GetBoolean(), result.Output);
            Assert.That(report.GetProperty("bytes_by_server").EnumerateObject().Select(server => server.Name), Does.Contain(Mirror.MirrorName), result.Output);
            Assert.That(Mirror.Requests.Select(request => request.Authorization), Is.All.Null);
            Assert.That(Mirror.HealthRequests, Is.Zero);
        }
    }
}
