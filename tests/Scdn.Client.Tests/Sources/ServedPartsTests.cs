using System.Net;
using Scdn.Client.Sessions;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Testing;

namespace Scdn.Client.Tests.Sources;

[CancelAfter(60_000)]
internal sealed class ServedPartsTests
{
    private static readonly DateTimeOffset Later = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private TempFolder _folder = null!;

    private string Out => _folder["merged"];

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("none")]
    [TestCase("full")]
    [TestCase("every:2")]
    public async Task Give_what_merging_needs_and_nothing_twice(string policy, CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(policy: policy);
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await MergeAsync(content, content.Grant(server.Ranked), cancel);

        Assert.That(await File.ReadAllBytesAsync(Out, cancel), Is.EqualTo(content.Original));
        Assert.That(server.Requests.Sum(request => request.To - request.From + 1), Is.EqualTo(content.Header.Parts.Sum(part => part.StoredLength)));
        Assert.That(server.Requests.Select(request => request.Authorization), Has.All.EqualTo("Bearer the-key"));
    }

    [TestCase(Behaviour.HangUp)]
    [TestCase(Behaviour.ResetHalfway)]
    [TestCase(Behaviour.Corrupt)]
    [TestCase(Behaviour.OtherRange)]
    [TestCase(Behaviour.WrongLength)]
    [TestCase(Behaviour.Unauthorized)]
    [TestCase(Behaviour.NotFound)]
    [TestCase(Behaviour.Overloaded)]
    public async Task Come_from_another_server_when_one_fails_or_lies(Behaviour behaviour, CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync();
        await using var bad = new ScriptedServer(content.PartFolder, "bad") { Script = request => request.Number > 2 ? behaviour : Behaviour.Serve };
        await using var good = new ScriptedServer(content.PartFolder, "good");
        await MergeAsync(content, content.Grant(bad.Ranked, good.Ranked), cancel);

        Assert.That(await File.ReadAllBytesAsync(Out, cancel), Is.EqualTo(content.Original));
        Assert.That(bad.Requests, Has.Count.GreaterThan(2), "it was asked");
    }

    [Test]
    public async Task Come_from_another_server_when_one_says_nothing(CancellationToken cancel)
    {
        var time = new FakeTime();
        using var content = await TestContent.MakeAsync();
        await using var silent = new ScriptedServer(content.PartFolder, "silent") { Script = _ => Behaviour.SilentHalfway };
        await using var good = new ScriptedServer(content.PartFolder, "good");
        var merging = MergeAsync(content, content.Grant(silent.Ranked, good.Ranked), cancel, new() { Time = time, GiveUpAfter = Timeout.InfiniteTimeSpan });
        await Eventually.HoldsAsync(
            () =>
            {
                // Time goes faster than it does, but not so fast that the one that answers would be too slow.
                time.Advance(TimeSpan.FromMilliseconds(20));
                return merging.IsCompleted;
            },
            "all came from the other");
        await merging;
        Assert.That(await File.ReadAllBytesAsync(Out, cancel), Is.EqualTo(content.Original));
        Assert.That(silent.Requests, Is.Not.Empty, "it was asked");
    }

    [Test]
    public async Task Come_from_another_server_when_one_dies_in_the_middle(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(6_000_000);
        await using var dying = new ScriptedServer(content.PartFolder, "dying");
        await using var good = new ScriptedServer(content.PartFolder, "good");
        dying.Script = request =>
        {
            if (request.Number == 4) dying.Kill();
            return Behaviour.Serve;
        };
        await MergeAsync(content, content.Grant(dying.Ranked, good.Ranked), cancel);

        Assert.That(await File.ReadAllBytesAsync(Out, cancel), Is.EqualTo(content.Original));
    }

    [TestCase(Behaviour.Corrupt, "damaged")]
    [TestCase(Behaviour.NotFound, "does not have it")]
    [TestCase(Behaviour.HangUp, "could not be reached")]
    public async Task Say_why_no_server_gives_a_part(Behaviour behaviour, string why, CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "liar") { Script = _ => behaviour };

        var options = new NetworkOptions { GiveUpAfter = TimeSpan.FromMilliseconds(300) };
        var fault = await Assert.ThrowsAsync<NetworkException>(() => MergeAsync(content, content.Grant(server.Ranked), cancel, options));

        Assert.That(fault!.Message, Does.Contain("liar").And.Contain(why));
        Assert.That(File.Exists(Out), Is.False);
    }

    [Test]
    public async Task Keep_the_segments_that_came_before_a_server_broke_off(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync();
        var part = content.Header.Parts.MaxBy(one => one.StoredLength)!;
        await using var server = new ScriptedServer(content.PartFolder, "one") { Script = request => request.From == 0 ? Behaviour.ResetHalfway : Behaviour.Serve };
        await using var parts = new ServedParts(content.Grant(server.Ranked), new() { Sockets = 1 });
        var body = new byte[part.Layout.BodyLength];

        await parts.ReadAsync(part.Id, 0, body, cancel);

        Assert.That(body, Is.EqualTo(Published(content, part)));
        Assert.That(server.Requests.Where(request => request.To < body.Length).Skip(1).First().From, Is.Positive.And.Matches<long>(from => from % part.Layout.StoredSegmentSize == 0), "Only what was not there and checked is asked for again.");
    }

    [Test]
    public async Task Go_on_in_the_middle_of_a_segment_that_came_before(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync();
        var part = content.Header.Parts.MaxBy(one => one.StoredLength)!;
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var parts = new ServedParts(content.Grant(server.Ranked), new());
        var (published, came) = (Published(content, part), new MemoryStream());
        var body = new byte[part.Layout.BodyLength];
        published.AsSpan(0, 1000).CopyTo(body);

        await parts.ReadAsync(part.Id, 0, body, here: 1000, KeepAsync, cancel);

        Assert.That((body, came.ToArray()), Is.EqualTo((published, published[1000..])));
        var asked = server.Requests.Where(request => request.To < part.Layout.BodyLength).ToList();
        Assert.That((asked[0].From, asked.Sum(request => request.To - request.From + 1)), Is.EqualTo((1000L, body.Length - 1000L)));

        ValueTask KeepAsync(int at, ReadOnlyMemory<byte> bytes)
        {
            Assert.That(at, Is.EqualTo(1000 + came.Length));
            return came.WriteAsync(bytes, cancel);
        }
    }

    [Test]
    public async Task Ask_for_all_of_a_segment_when_what_came_before_is_damaged_and_blame_no_server(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync();
        var part = content.Header.Parts.MaxBy(one => one.StoredLength)!;
        await using var server = new ScriptedServer(content.PartFolder, "one");
        await using var parts = new ServedParts(content.Grant(server.Ranked), new() { GiveUpAfter = TimeSpan.FromMilliseconds(300) });
        var body = new byte[part.Layout.BodyLength];

        await parts.ReadAsync(part.Id, 0, body, here: 1000, arrived: null, cancel);

        Assert.That(body, Is.EqualTo(Published(content, part)));
        Assert.That(server.Requests.Where(request => request.To < part.Layout.BodyLength).Select(request => request.From).Take(2), Is.EqualTo(new[] { 1000, 0 }));
    }

    [Test]
    public async Task Are_asked_for_with_a_new_key_when_the_old_one_is_no_longer_taken(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one") { Script = request => request.Authorization == "Bearer new-key" ? Behaviour.Serve : Behaviour.Unauthorized };
        var grant = content.Grant(server.Ranked) with { RenewAsync = _ => Task.FromResult(new ServerAccess("new-key", Later, [server.Ranked])) };
        await MergeAsync(content, grant, cancel);

        Assert.That(await File.ReadAllBytesAsync(Out, cancel), Is.EqualTo(content.Original));
    }

    [Test]
    public async Task End_with_the_word_of_the_site_when_it_gives_no_other_key(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one") { Script = _ => Behaviour.Unauthorized };
        var grant = content.Grant(server.Ranked) with { RenewAsync = _ => Task.FromException<ServerAccess>(new NetworkException("It was withdrawn.")) };

        var fault = await Assert.ThrowsAsync<NetworkException>(() => MergeAsync(content, grant, cancel));

        Assert.That(fault!.Message, Is.EqualTo("It was withdrawn."));
    }

    [Test]
    public async Task Are_asked_for_no_longer_when_another_stream_has_the_place(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one");
        var (time, full, asked) = (new FakeTime(), new SiteException("Something is playing already.", HttpStatusCode.Forbidden, isTransient: false), new TaskCompletionSource());
        var place = new PlayPlace { KeepEvery = TimeSpan.FromSeconds(20), KeepAsync = _ => throw full, EndAsync = _ => Task.FromResult(asked.TrySetResult()) };
        await using (var parts = new ServedParts(content.Grant(server.Ranked) with { Place = place }, new() { Time = time }))
        {
            time.Advance(TimeSpan.FromSeconds(20));
            Assert.That(async () => await Eventually.HoldsAsync(() => ReadsAsync(parts), "the site's word is heard"), Throws.Exception.SameAs(full));
        }

        await asked.Task.WaitAsync(cancel);

        async Task<bool> ReadsAsync(ServedParts parts)
        {
            var part = content.Header.Parts[0];
            await parts.ReadAsync(part.Id, 0, new byte[part.Layout.StoredSegment(0).Length], cancel);
            return false;
        }
    }

    [Test]
    public async Task Are_asked_for_over_no_more_sockets_than_allowed(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(6_000_000);
        var most = 0;
        await using var server = new ScriptedServer(content.PartFolder, "one");
        server.Script = _ =>
        {
            most = Math.Max(most, server.Pending);
            return Behaviour.Serve;
        };
        await MergeAsync(content, content.Grant(server.Ranked), cancel, new() { Sockets = 2 });

        Assert.That(most, Is.LessThanOrEqualTo(2));
    }

    private static byte[] Published(TestContent content, PublicPart part) => File.ReadAllBytes(Path.Combine(content.PartFolder, part.Id.ToString()))[..(int)part.Layout.BodyLength];

    private async Task MergeAsync(TestContent content, PlayGrant grant, CancellationToken cancel, NetworkOptions? options = null)
    {
        await using var parts = new ServedParts(grant, options ?? new());
        await Merger.MergeAsync(content.Header, content.Key, parts, Out, null, cancel);
    }
}
