using System.Net;
using Scdn.Client.Licences;
using Scdn.Client.Sessions;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Testing;

namespace Scdn.Client.Tests;

// The clock stands still unless a test moves it, so nothing is ever late by chance.
[CancelAfter(60_000)]
internal sealed class NetworkManagerTests
{
    private readonly FakeTime _time = new();
    private readonly TempFolder _temporary = new();

    [TearDown]
    public void RemoveFolder() => _temporary.Dispose();

    [TestCase("full", 0)]
    [TestCase("full", 200_000)]
    [TestCase("none", 0)]
    [TestCase("head", 0)]
    [TestCase("every:2", 100_000)]
    public async Task Gives_the_original_and_fetches_each_byte_once(string policy, int inlineHead)
    {
        using var content = await TestContent.MakeAsync(policy: policy, inlineHead: inlineHead);
        await using var one = new ScriptedServer(content.PartFolder, "one");
        await using var two = new ScriptedServer(content.PartFolder, "two");
        await using var network = NetworkManager.Start(content.Grant(one.Ranked, two.Ranked), Options());

        Assert.That(await ReadAllAsync(network), Is.EqualTo(content.Original));

        var statistics = network.Statistics;
        var inlined = content.Manifest.InlineHead.Length;
        var segments = content.Manifest.Parts.Where(part => part.Kind == PartKind.Data || inlined == 0).Sum(part => part.Layout.BodyLength);
        var hashLists = content.Manifest.Parts.Where(part => !part.Encrypted && (part.Kind == PartKind.Data || inlined == 0)).Sum(part => part.Layout.HashList.Length);
        Assert.That(statistics.UsefulBytes, Is.EqualTo(segments));
        Assert.That(statistics.FetchedBytes, Is.EqualTo(segments + hashLists));
        Assert.That(statistics.BytesByServer, Has.Count.EqualTo(2));
        Assert.That(statistics.Failovers, Is.Zero);
        Assert.That(one.Requests.Concat(two.Requests).Select(request => request.Authorization), Is.All.EqualTo("Bearer the-key"));
    }

    [Test]
    public async Task Gives_nothing_more_once_the_licence_has_ended_not_even_what_is_here()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one");
        var limits = new PlayLimits("Film", _time.GetUtcNow(), _time) { Ends = _time.GetUtcNow().AddSeconds(30) };
        await using var network = NetworkManager.Start(content.Grant(server.Ranked) with { Limits = limits }, Options());
        await using var stream = network.OpenStream();
        await stream.ReadExactlyAsync(new byte[1000]);

        _time.Advance(TimeSpan.FromSeconds(30));

        stream.Position = 0;
        Assert.That(async () => await stream.ReadExactlyAsync(new byte[1000]), Throws.TypeOf<LimitException>().With.Message.Contains("could be played until"));
    }

    [Test]
    public async Task Reads_at_any_place()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options());
        await using var stream = network.OpenStream();
        var random = new Random(4);
        var buffer = new byte[100_000];
        for (var turn = 0; turn < 60; turn++)
        {
            var start = random.Next(content.Original.Length);
            var length = Math.Min(random.Next(1, buffer.Length), content.Original.Length - start);
            stream.Position = start;
            await stream.ReadExactlyAsync(buffer.AsMemory(0, length));
            Assert.That(buffer.AsSpan(0, length).SequenceEqual(content.Original.AsSpan(start, length)), $"{length} bytes at {start}");
        }

        Assert.That(network.Statistics.FetchedBytes, Is.LessThanOrEqualTo(content.Manifest.Parts.Sum(part => part.Layout.BodyLength)));
    }

    [TestCase(Behaviour.HangUp)]
    [TestCase(Behaviour.ResetHalfway)]
    [TestCase(Behaviour.Corrupt)]
    [TestCase(Behaviour.OtherRange)]
    [TestCase(Behaviour.WrongLength)]
    [TestCase(Behaviour.Unauthorized)]
    [TestCase(Behaviour.NotFound)]
    [TestCase(Behaviour.Overloaded)]
    public async Task Leaves_a_server_that_fails_and_reads_on_from_another(Behaviour behaviour)
    {
        using var content = await TestContent.MakeAsync();
        await using var bad = new ScriptedServer(content.PartFolder, "bad") { Script = request => request.Number <= 2 ? Behaviour.Serve : behaviour };
        await using var good = new ScriptedServer(content.PartFolder, "good");
        await using var network = NetworkManager.Start(content.Grant(bad.Ranked, good.Ranked), Options());

        Assert.That(await ReadAllAsync(network), Is.EqualTo(content.Original));

        Assert.That(network.Statistics.Failovers, Is.EqualTo(1));
        Assert.That(network.Statistics.CorruptSegments, behaviour is Behaviour.Corrupt ? Is.GreaterThan(0) : Is.GreaterThanOrEqualTo(0));
        Assert.That(network.Statistics.RefusedRequests, behaviour is Behaviour.Unauthorized ? Is.GreaterThan(0) : Is.Zero);
        // What was asked for before the failure was noticed; nothing after.
        Assert.That(bad.Requests, Has.Count.LessThanOrEqualTo(2 + 16));
    }

    [TestCase(Behaviour.Silent)]
    [TestCase(Behaviour.SilentHalfway)]
    public async Task Leaves_a_server_that_falls_silent(Behaviour behaviour)
    {
        using var content = await TestContent.MakeAsync();
        await using var silent = new ScriptedServer(content.PartFolder, "silent") { Script = _ => behaviour };
        await using var good = new ScriptedServer(content.PartFolder, "good");
        await using var network = NetworkManager.Start(content.Grant(silent.Ranked, good.Ranked), Patient());
        var reading = ReadAllAsync(network);
        await silent.Asked;

        while (!reading.IsCompleted)
        {
            // Time passes only while the good server has nothing to do: it is never late.
            await Task.Yield();
            if (good.Pending == 0) _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.That(await reading, Is.EqualTo(content.Original));
        Assert.That(network.Statistics.Failovers + network.Statistics.Hedges, Is.GreaterThan(0));
    }

    [Test]
    public async Task Goes_on_when_a_server_is_killed_in_the_middle()
    {
        using var content = await TestContent.MakeAsync(4_000_000);
        await using var victim = new ScriptedServer(content.PartFolder, "victim");
        await using var other = new ScriptedServer(content.PartFolder, "other");
        victim.Script = request =>
        {
            if (request.Number == 6) victim.Kill();
            return Behaviour.Serve;
        };
        await using var network = NetworkManager.Start(content.Grant(victim.Ranked, other.Ranked), Options());

        Assert.That(await ReadAllAsync(network), Is.EqualTo(content.Original));
        Assert.That(network.Statistics.Failovers, Is.EqualTo(1));
    }

    [Test]
    public async Task Keeps_the_segments_that_came_before_a_failure()
    {
        using var content = await TestContent.MakeAsync(head: []);
        await using var bad = new ScriptedServer(content.PartFolder, "bad") { Script = _ => Behaviour.ResetHalfway };
        await using var good = new ScriptedServer(content.PartFolder, "good");
        await using var network = NetworkManager.Start(content.Grant(bad.Ranked, good.Ranked), Options());

        Assert.That(await ReadAllAsync(network), Is.EqualTo(content.Original));
        var stored = content.Manifest.Parts.Sum(part => part.Layout.BodyLength);
        Assert.That(network.Statistics.UsefulBytes, Is.EqualTo(stored));
    }

    [Test]
    public async Task Asks_the_site_for_other_servers_when_all_have_failed()
    {
        using var content = await TestContent.MakeAsync();
        await using var dead = new ScriptedServer(content.PartFolder, "dead") { Script = _ => Behaviour.HangUp };
        await using var fresh = new ScriptedServer(content.PartFolder, "fresh");
        var grant = content.Grant(dead.Ranked);
        var renewed = new TaskCompletionSource();
        grant = grant with
        {
            RenewAsync = _ =>
            {
                renewed.TrySetResult();
                return Task.FromResult(grant.Access with { AuthenticationKey = "second-key", Servers = [fresh.Ranked] });
            },
        };
        await using var network = NetworkManager.Start(grant, Patient());
        var reading = ReadAllAsync(network);
        await AdvanceUntilAsync(renewed.Task);

        Assert.That(await reading, Is.EqualTo(content.Original));
        Assert.That(fresh.Requests.Select(request => request.Authorization), Is.All.EqualTo("Bearer second-key"));
    }

    [Test]
    public async Task Says_so_when_the_site_no_longer_allows_to_play()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one") { Script = _ => Behaviour.Unauthorized };
        var refusal = new LicenceRefused();
        var grant = content.Grant(server.Ranked) with { RenewAsync = _ => Task.FromException<ServerAccess>(refusal) };
        await using var network = NetworkManager.Start(grant, Patient());
        var reading = ReadAllAsync(network);
        await AdvanceUntilAsync(reading);

        Assert.That(async () => await reading, Throws.Exception.SameAs(refusal));
    }

    [Test]
    public async Task Plays_on_from_servers_that_accept_the_key_whatever_the_site_says()
    {
        using var content = await TestContent.MakeAsync();
        var (refused, served) = (NewSignal(), NewSignal());
        await using var strict = new ScriptedServer(content.PartFolder, "strict") { Script = _ => Behaviour.Unauthorized };
        await using var good = new ScriptedServer(content.PartFolder, "good") { Hold = served.Task };
        var grant = content.Grant(strict.Ranked, good.Ranked) with
        {
            RenewAsync = _ =>
            {
                refused.TrySetResult();
                return Task.FromException<ServerAccess>(new LicenceRefused());
            },
        };
        await using var network = NetworkManager.Start(grant, Patient());
        var reading = ReadAllAsync(network);
        await strict.Asked;
        // The site is asked at a tick; the good server has not to be late for that.
        await Eventually.HoldsAsync(() => network.Statistics.Failovers == 1, "the strict server was left");
        _time.Advance(TimeSpan.FromMilliseconds(50));
        await refused.Task;
        served.SetResult();

        Assert.That(await reading, Is.EqualTo(content.Original));
    }

    [Test]
    public async Task Ends_at_once_when_no_server_has_the_parts_and_the_site_says_that_they_are_gone()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one") { Script = _ => Behaviour.HangUp };
        var gone = new NetworkException("It was published anew.");
        var grant = content.Grant(server.Ranked) with { RenewAsync = _ => Task.FromException<ServerAccess>(gone) };
        await using var network = NetworkManager.Start(grant, Patient());
        var reading = ReadAllAsync(network);
        await AdvanceUntilAsync(reading);

        Assert.That(async () => await reading, Throws.Exception.SameAs(gone));
    }

    [Test]
    public async Task Ends_with_the_word_of_the_site_when_another_stream_has_its_place_and_gives_it_back_when_it_is_closed()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one") { Hold = NewSignal().Task };
        var (full, ended) = (new SiteException("Something is playing already.", HttpStatusCode.Forbidden, isTransient: false), 0);
        var place = new PlayPlace { KeepEvery = TimeSpan.FromSeconds(20), KeepAsync = _ => throw full, EndAsync = _ => Task.FromResult(ended++) };
        await using (var network = NetworkManager.Start(content.Grant(server.Ranked) with { Place = place }, Patient()))
        {
            var reading = ReadAllAsync(network);
            await server.Asked;
            await AdvanceUntilAsync(reading);
            Assert.That(async () => await reading, Throws.Exception.SameAs(full));
        }

        Assert.That(ended, Is.EqualTo(1));
    }

    [Test]
    public async Task Gives_up_in_one_sentence_when_nobody_sends_anything()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one") { Script = _ => Behaviour.HangUp };
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options());
        var reading = ReadAllAsync(network);
        await AdvanceUntilAsync(reading);

        Assert.That(
            async () => await reading,
            Throws.InstanceOf<NetworkException>().With.Message.Contains("No content server has sent a byte").And.Property("IsTransient").True);
    }

    [Test]
    public async Task Removes_what_was_fetched_at_the_end()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one");
        var network = NetworkManager.Start(content.Grant(server.Ranked), Options());
        await ReadAllAsync(network);
        Assert.That(Directory.EnumerateFileSystemEntries(_temporary.Path), Is.Not.Empty);

        await network.DisposeAsync();

        Assert.That(Directory.EnumerateFileSystemEntries(_temporary.Path), Is.Empty);
    }

    [Test]
    public async Task Leaves_alone_what_else_is_in_the_folder_for_temporary_files()
    {
        _temporary.Write("film.lock", []);
        Directory.CreateDirectory(_temporary["film"]);
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using (NetworkManager.Start(content.Grant(server.Ranked), Options())) await server.Asked;

        Assert.That(Directory.GetFileSystemEntries(_temporary.Path), Is.EquivalentTo(new[] { _temporary["film"], _temporary["film.lock"] }));
    }

    [Test]
    public async Task Keeps_on_disk_only_what_is_sealed()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options());
        await ReadAllAsync(network);

        foreach (var part in content.Manifest.Parts)
        {
            var kept = await File.ReadAllBytesAsync(Directory.EnumerateFiles(_temporary.Path, part.Id.ToString(), SearchOption.AllDirectories).Single());
            var published = await File.ReadAllBytesAsync(Path.Combine(content.PartFolder, part.Id.ToString()));
            Assert.That(kept, Is.EqualTo(published[..kept.Length]));
        }
    }

    [Test]
    public async Task Ends_a_waiting_read_when_it_is_disposed()
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one") { Script = _ => Behaviour.Silent };
        var network = NetworkManager.Start(content.Grant(server.Ranked), Options());
        var reading = ReadAllAsync(network);
        await server.Asked;

        await network.DisposeAsync();

        Assert.That(async () => await reading, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Fetches_what_is_at_the_key_frame_before_the_start()
    {
        using var content = await TestContent.MakeAsync(
            2_000_000,
            head: [],
            duration: TimeSpan.FromSeconds(100),
            index: SeekIndex.None with { KeyFrames = [new(TimeSpan.Zero, 0), new(TimeSpan.FromSeconds(60), 1_200_000)] });
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var network = NetworkManager.Start(content.Grant(server.Ranked), Options() with { StartAt = TimeSpan.FromSeconds(70) });
        await server.Asked;

        var behind = content.Manifest.Parts.Where(part => part.Extents[0].End > 1_200_000).Select(part => part.Id.ToString());
        Assert.That(server.Requests.Select(request => request.Part).Distinct(), Is.SubsetOf(behind));
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
    private NetworkOptions Patient() => Options() with { GiveUpAfter = Timeout.InfiniteTimeSpan };

    private NetworkOptions Options() => new() { Time = _time, TemporaryRoot = _temporary.Path };

    private sealed class LicenceRefused() : ScdnException("No plays are left.");
}
