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

    [TestCase(Behaviour.Silent)]
    [TestCase(Behaviour.SilentHalfway)]
    public async Task Says_since_when_a_server_was_silent_and_what_the_reader_waited_for(Behaviour behaviour)
    {
        using var content = await TestContent.MakeAsync(head: []);
        await using var silent = new ScriptedServer(content.PartFolder, "silent") { Script = _ => behaviour };
        var log = new PlayLog(_time);
        _time.Advance(TimeSpan.FromSeconds(2));
        await using var good = new ScriptedServer(content.PartFolder, "good");
        var grant = content.Grant(silent.Ranked) with { RenewAsync = _ => Task.FromResult(content.Grant(good.Ranked).Access) };
        await using var network = NetworkManager.Start(grant, Options(log));
        var reading = ReadAllAsync(network);
        await silent.Asked;
        while (!reading.IsCompleted)
        {
            await Task.Yield();
            // Time passes only while the good server has nothing to do: it is never late.
            if (good.Pending == 0) _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        await reading;
        var told = network.Report().Events.Where(one => one.Server == "silent").ToList();
        var left = told.First(one => one.Kind is PlayEventKind.Left);
        Assert.That(left.Fault, Is.EqualTo(PlayFault.Silent));
        Assert.That(left.AtMs - left.SinceMs, Is.GreaterThanOrEqualTo(250));
        Assert.That(told.Where(one => one.Kind is PlayEventKind.Waited).Select(one => (one.By, one.Fault)), Has.Member(("good", (PlayFault?)PlayFault.Silent)));
    }

    private static async Task ReadAllAsync(NetworkManager network)
    {
        await using var stream = network.OpenStream();
        await stream.CopyToAsync(Stream.Null);
    }

    private NetworkOptions Options(PlayLog? log = null) => new() { Time = _time, TemporaryRoot = _temporary.Path, Log = log, GiveUpAfter = Timeout.InfiniteTimeSpan };
}
