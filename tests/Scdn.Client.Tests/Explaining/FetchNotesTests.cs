using Scdn.Client.Explaining;
using Scdn.Format.Wire;
using Scdn.Testing;

namespace Scdn.Client.Tests.Explaining;

/// <summary>What a network manager notes of servers that fail as they are told to.</summary>
[CancelAfter(60_000)]
internal sealed class FetchNotesTests
{
    private readonly FakeTime _time = new();
    private readonly TempFolder _temporary = new();

    [TearDown]
    public void RemoveFolder() => _temporary.Dispose();

    [TestCase(Behaviour.HangUp, PlayFault.Reset)]
    [TestCase(Behaviour.ResetHalfway, PlayFault.Reset)]
    [TestCase(Behaviour.Corrupt, PlayFault.Corrupt)]
    [TestCase(Behaviour.OtherRange, PlayFault.Corrupt)]
    [TestCase(Behaviour.WrongLength, PlayFault.Missing)]
    [TestCase(Behaviour.NotFound, PlayFault.Missing)]
    [TestCase(Behaviour.Unauthorized, PlayFault.Refused)]
    [TestCase(Behaviour.Overloaded, PlayFault.Busy)]
    public async Task Names_the_server_that_was_left_the_fault_the_moment_and_who_took_over(Behaviour behaviour, PlayFault fault)
    {
        using var content = await TestContent.MakeAsync();
        await using var bad = new ScriptedServer(content.PartFolder, "bad") { Script = request => request.Number <= 2 ? Behaviour.Serve : behaviour };
        await using var good = new ScriptedServer(content.PartFolder, "good");
        var log = new PlayLog(_time);
        _time.Advance(TimeSpan.FromSeconds(3));
        await using var network = NetworkManager.Start(content.Grant(bad.Ranked, good.Ranked), Options(log));
        await ReadAllAsync(network);

        var report = network.Report();
        var left = report.Events.Single(one => one.Kind is PlayEventKind.Left);
        Assert.That((left.Server, left.Fault, left.AtMs, left.SinceMs, left.By, left.Ms), Is.EqualTo(("bad", (PlayFault?)fault, 3000L, (long?)3000, "good", (long?)0)));
        Assert.That(report.Servers.Single(server => server.Name == "bad"), Is.EqualTo(new PlayServer("bad", bad.Ranked.Id, network.Statistics.BytesByServer.GetValueOrDefault("bad"), 1, 0, 0)));
        Assert.That(report.Events[0], Has.Property(nameof(PlayEvent.Kind)).EqualTo(PlayEventKind.Granted).And.Property(nameof(PlayEvent.Ms)).EqualTo(3000).And.Property(nameof(PlayEvent.Servers)).EqualTo(new[] { "bad", "good" }));
    }

    [Test]
    public async Task Tells_a_server_that_is_not_there_from_one_that_resets()
    {
        using var content = await TestContent.MakeAsync();
        await using var dead = new ScriptedServer(content.PartFolder, "dead");
        dead.Kill();
        await using var good = new ScriptedServer(content.PartFolder, "good");
        await using var network = NetworkManager.Start(content.Grant(dead.Ranked, good.Ranked), Options());
        await ReadAllAsync(network);

        Assert.That(network.Report().Events.Single(one => one.Kind is PlayEventKind.Left).Fault, Is.EqualTo(PlayFault.Unreachable));
    }

    [Test]
    public async Task Says_since_when_a_server_was_silent()
    {
        using var content = await TestContent.MakeAsync(head: []);
        await using var silent = new ScriptedServer(content.PartFolder, "silent") { Script = _ => Behaviour.Silent };
        var log = new PlayLog(_time);
        _time.Advance(TimeSpan.FromSeconds(2));
        await using var network = NetworkManager.Start(content.Grant(silent.Ranked), Options(log));
        var reading = ReadAllAsync(network);
        await silent.Asked;
        PlayEvent? left = null;
        while (left is null)
        {
            await Task.Yield();
            _time.Advance(TimeSpan.FromMilliseconds(10));
            left = network.Report().Events.FirstOrDefault(one => one.Kind is PlayEventKind.Left);
        }

        Assert.That((left.Server, left.Fault, left.SinceMs), Is.EqualTo(("silent", (PlayFault?)PlayFault.Silent, (long?)2000)));
        Assert.That(left.AtMs, Is.GreaterThan(2000));
        await network.DisposeAsync();
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task ReadAllAsync(NetworkManager network)
    {
        await using var stream = network.OpenStream();
        await stream.CopyToAsync(Stream.Null);
    }

    private NetworkOptions Options(PlayLog? log = null) => new() { Time = _time, TemporaryRoot = _temporary.Path, Log = log, GiveUpAfter = Timeout.InfiniteTimeSpan };
}
