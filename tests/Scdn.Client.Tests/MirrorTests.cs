using Scdn.Client.Sources;
using Scdn.Testing;

namespace Scdn.Client.Tests;

// The clock stands still unless a test moves it, so nothing is ever late by chance.
[CancelAfter(60_000)]
internal sealed class MirrorTests
{
    private readonly FakeTime _time = new();
    private readonly TempFolder _temporary = new();

    [TearDown]
    public void RemoveFolder() => _temporary.Dispose();

    [TestCase("full")]
    [TestCase("none")]
    public async Task Is_asked_for_parts_by_their_names_and_shown_no_key(string policy)
    {
        using var content = await TestContent.MakeAsync(policy: policy);
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var mirror = new ScriptedServer(content.PartFolder, "mirror");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options(mirror));

        Assert.That(await ReadAllAsync(network), Is.EqualTo(content.Original));

        Assert.That(mirror.Requests.Select(request => request.Path).Distinct(), Is.Not.Empty.And.SubsetOf(content.Manifest.Parts.Select(part => $"/films/parts/{part.Id}")));
        Assert.That(mirror.Requests.Select(request => request.Authorization), Is.All.Null);
        Assert.That(mirror.HealthRequests, Is.Zero);
        Assert.That(network.Statistics.BytesByServer.Keys, Is.EquivalentTo(new[] { "one", mirror.MirrorName }));
    }

    [Test]
    public async Task Carries_a_play_to_its_end_when_all_content_servers_die()
    {
        using var content = await TestContent.MakeAsync(4_000_000);
        await using var one = new ScriptedServer(content.PartFolder, "one");
        await using var two = new ScriptedServer(content.PartFolder, "two");
        await using var mirror = new ScriptedServer(content.PartFolder, "mirror");
        one.Script = two.Script = request =>
        {
            if (request.Number == 3)
            {
                one.Kill();
                two.Kill();
            }

            return Behaviour.Serve;
        };
        await using var network = NetworkManager.Start(content.Grant(one.Ranked, two.Ranked), Options(mirror));

        Assert.That(await ReadAllAsync(network), Is.EqualTo(content.Original));
        Assert.That(mirror.Requests.Select(request => request.Authorization), Is.All.Null);
    }

    // A range answered with the whole part would have to be read through: it is no answer to the question.
    [TestCase(Behaviour.Corrupt)]
    [TestCase(Behaviour.Whole)]
    [TestCase(Behaviour.OtherRange)]
    [TestCase(Behaviour.WrongLength)]
    [TestCase(Behaviour.ResetHalfway)]
    [TestCase(Behaviour.NotFound)]
    [TestCase(Behaviour.Forbidden)]
    [TestCase(Behaviour.Overloaded)]
    public async Task Is_left_at_once_when_it_fails(Behaviour behaviour)
    {
        using var content = await TestContent.MakeAsync(4_000_000, policy: "none");
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var mirror = new ScriptedServer(content.PartFolder, "mirror") { Script = _ => behaviour };
        var (grant, siteAsked) = (content.Grant(server.Ranked), false);
        grant = grant with { RenewAsync = _ => Task.FromResult((siteAsked = true, grant.Access).Access) };
        await using var network = NetworkManager.Start(grant, Options(mirror));

        Assert.That(await ReadAllAsync(network), Is.EqualTo(content.Original));
        Assert.That(network.Statistics.Failovers, Is.EqualTo(1));
        // What was asked for before the failure was noticed; nothing after.
        Assert.That(mirror.Requests, Has.Count.InRange(1, 5));
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That(siteAsked, Is.False);
    }

    [TestCase(Behaviour.Silent)]
    [TestCase(Behaviour.SilentHalfway)]
    public async Task Is_left_when_it_falls_silent(Behaviour behaviour)
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var mirror = new ScriptedServer(content.PartFolder, "mirror") { Script = _ => behaviour };
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Patient(mirror));
        var reading = ReadAllAsync(network);
        await mirror.Asked;

        while (!reading.IsCompleted)
        {
            // Time passes only while the content server has nothing to do: it is never late.
            await Task.Yield();
            if (server.Pending == 0) _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.That(await reading, Is.EqualTo(content.Original));
        Assert.That(network.Statistics.Failovers + network.Statistics.Hedges, Is.GreaterThan(0));
    }

    [Test]
    public async Task Is_tried_again_later()
    {
        using var content = await TestContent.MakeAsync(4_000_000);
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var mirror = new ScriptedServer(content.PartFolder, "mirror") { Script = request => request.Number == 1 ? Behaviour.Overloaded : Behaviour.Serve };
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Patient(mirror));
        await Eventually.HoldsAsync(() => network.Statistics.Failovers == 1, "the mirror was left");
        server.Kill();
        var reading = ReadAllAsync(network);
        await AdvanceUntilAsync(reading);

        Assert.That(await reading, Is.EqualTo(content.Original));
    }

    [Test]
    public async Task Stays_when_the_site_names_other_servers_and_is_shown_no_new_key_either()
    {
        using var content = await TestContent.MakeAsync(4_000_000);
        await using var former = new ScriptedServer(content.PartFolder, "former") { Script = _ => Behaviour.HangUp };
        await using var fresh = new ScriptedServer(content.PartFolder, "fresh");
        var renewed = NewSignal();
        await using var mirror = new ScriptedServer(content.PartFolder, "mirror") { Hold = renewed.Task };
        var grant = content.Grant(former.Ranked);
        grant = grant with { RenewAsync = _ => Task.FromResult(grant.Access with { AuthenticationKey = "second-key", Servers = [fresh.Ranked] }) };
        await using var network = NetworkManager.Start(grant, Patient(mirror));
        // Once the site's answer is in force; only then the mirror sends a byte.
        await AdvanceUntilAsync(fresh.Asked);
        renewed.SetResult();

        var reading = ReadAllAsync(network);
        await AdvanceUntilAsync(reading);

        Assert.That(await reading, Is.EqualTo(content.Original));
        Assert.That(network.Statistics.BytesByServer.Keys, Is.EquivalentTo(new[] { "fresh", mirror.MirrorName }));
        Assert.That(mirror.Requests.Select(request => request.Authorization), Is.All.Null);
    }

    [Test]
    public async Task Does_not_go_on_with_what_the_site_has_taken_back()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one") { Script = _ => Behaviour.Unauthorized };
        await using var mirror = new ScriptedServer(content.PartFolder, "mirror");
        var (refusal, siteAsked) = (new NetworkException("It was withdrawn."), false);
        var grant = content.Grant(server.Ranked) with { RenewAsync = _ => Task.FromException<ServerAccess>((siteAsked = true, refusal).refusal) };
        await using var network = NetworkManager.Start(grant, Patient(mirror));
        network.LimitReadAhead(0);
        while (!siteAsked)
        {
            // Time passes only while the mirror has nothing to do: it is never late, and stays in use.
            await Task.Yield();
            if (mirror.Pending == 0) _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.That(async () => await ReadAllAsync(network), Throws.Exception.SameAs(refusal));
    }

    [Test]
    public async Task Gives_parts_to_who_wants_all_of_them()
    {
        using var content = await TestContent.MakeAsync();
        await using var dead = new ScriptedServer(content.PartFolder, "dead") { Script = _ => Behaviour.HangUp };
        await using var mirror = new ScriptedServer(content.PartFolder, "mirror");
        await using var parts = new ServedParts(content.Grant(dead.Ranked), new() { Mirrors = [mirror.Mirror] });
        var part = content.Manifest.Parts[0];
        var segment = new byte[part.Layout.StoredSegment(0).Length];

        await parts.ReadAsync(part.Id, part.Layout.StoredSegment(0).Offset, segment, CancellationToken.None);

        Assert.That(segment, Is.EqualTo((await File.ReadAllBytesAsync(Path.Combine(content.PartFolder, part.Id.ToString())))[..segment.Length]));
        Assert.That(mirror.Requests.Select(request => request.Authorization), Is.Not.Empty.And.All.Null);
    }

    [Test]
    public async Task Is_used_when_the_site_names_it_and_passed_over_when_what_it_names_is_none()
    {
        using var content = await TestContent.MakeAsync();
        await using var dead = new ScriptedServer(content.PartFolder, "dead") { Script = _ => Behaviour.HangUp };
        await using var mirror = new ScriptedServer(content.PartFolder, "mirror");
        var grant = content.Grant(dead.Ranked);
        grant = grant with { Access = grant.Access with { Mirrors = ServerAccess.MirrorsOf([new("file:///etc"), new("parts", UriKind.Relative), mirror.Mirror]) } };
        await using var network = NetworkManager.Start(grant, new() { Time = _time, TemporaryRoot = _temporary.Path });

        Assert.That(await ReadAllAsync(network), Is.EqualTo(content.Original));
        Assert.That(mirror.Requests.Select(request => request.Authorization), Is.All.Null);
    }

    [TestCase("ftp://mirror.example/parts")]
    [TestCase("https://ann:secret@mirror.example/parts")]
    [TestCase("parts")]
    public void Is_refused_in_one_sentence_when_it_is_no_such_address(string address)
    {
        Assert.That(
            () => new NetworkOptions { Mirrors = [new(address, UriKind.RelativeOrAbsolute)] },
            Throws.ArgumentException.With.Message.Contains("A mirror must be an http or https address").And.Message.Not.Contains("secret"));
    }

    private static async Task<byte[]> ReadAllAsync(NetworkManager network)
    {
        await using var stream = network.OpenStream();
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AdvanceUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            await Task.Yield();
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    // The clock runs faster than a busy machine answers.
    private NetworkOptions Patient(ScriptedServer mirror) => Options(mirror) with { GiveUpAfter = Timeout.InfiniteTimeSpan };

    private NetworkOptions Options(ScriptedServer mirror) => new() { Time = _time, TemporaryRoot = _temporary.Path, Mirrors = [mirror.Mirror] };
}
