using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Media;
using Scdn.Media.Decoding;
using Scdn.Media.Samples;
using Scdn.Media.Tools;
using Scdn.Player.Playback;
using Scdn.Testing;

namespace Scdn.Player.Tests.Playback;

[CancelAfter(60_000)]
internal sealed class HeadlessPlayerTests
{
    private readonly TempFolder _folder = new();
    private readonly FFmpegTools _tools = FFmpegTools.Find();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase(SampleKind.Mp4)]
    [TestCase(SampleKind.Mp4Fragmented)]
    [TestCase(SampleKind.Mkv)]
    [TestCase(SampleKind.Avi)]
    [TestCase(SampleKind.MpegPs)]
    [TestCase(SampleKind.Mp3)]
    [TestCase(SampleKind.Flac)]
    [TestCase(SampleKind.Wav)]
    public async Task Plays_a_content_to_its_end_although_a_server_fails(SampleKind kind)
    {
        var file = await MakeAsync(kind);
        var (split, parts) = await SplitAsync(file);
        await using var failing = new ScriptedServer(parts, "failing") { Script = request => request.Number > 2 ? Behaviour.ResetHalfway : Behaviour.Serve };
        await using var good = new ScriptedServer(parts, "good");

        var report = await PlayAsync(split, new(), failing, good);

        Assert.That(report.Error, Is.Null);
        Assert.That((report.Ok, report.PlayedToEnd), Is.EqualTo((true, true)));
        Assert.That(report.Frames, Is.EqualTo(await CountFramesAsync(file)));
        Assert.That(report.FirstFrameMs, Is.Not.Null);
        Assert.That(report.BytesByServer.Values.Sum(), Is.EqualTo(report.FetchedBytes));
    }

    [TestCaseSource(typeof(SharedMedia), nameof(SharedMedia.Names))]
    public async Task Plays_media_from_elsewhere(string name)
    {
        if (SharedMedia.Get(name) is not { DecodesCleanly: true } media)
        {
            Assert.Ignore(name.Length == 0 ? SharedMedia.Absent : "This file is damaged on purpose.");
            return;
        }

        var (split, parts) = await SplitAsync(media.Path);
        await using var server = new ScriptedServer(parts, "one");

        var report = await PlayAsync(split, new() { Speed = 1000 }, server);

        Assert.That(report.Error, Is.Null);
        Assert.That(report.Frames, Is.EqualTo(await CountFramesAsync(media.Path)));
    }

    [Test]
    public async Task Begins_where_it_is_told_to_and_stops_when_enough_was_played()
    {
        var (split, parts) = await SplitAsync(await MakeAsync(SampleKind.Mkv, seconds: 20));
        await using var server = new ScriptedServer(parts, "one");

        var report = await PlayAsync(split, new() { At = TimeSpan.FromSeconds(12), Duration = TimeSpan.FromSeconds(2), Network = new() { ReadAhead = TimeSpan.FromSeconds(1) } }, server);

        Assert.That((report.Ok, report.PlayedToEnd), Is.EqualTo((true, false)));
        Assert.That(report.PlayedSeconds, Is.InRange(1.8, 2));
        Assert.That(report.FetchedRatio, Is.LessThan(0.7));
    }

    [TestCase(SampleKind.Mp4)]
    [TestCase(SampleKind.MpegTs)]
    [TestCase(SampleKind.MpegPs)]
    [TestCase(SampleKind.Flv)]
    [TestCase(SampleKind.Ogg)]
    [TestCase(SampleKind.Mp3)]
    [TestCase(SampleKind.Flac)]
    public async Task Plays_from_a_seek_to_the_end_in_every_container(SampleKind kind)
    {
        var file = await MakeAsync(kind, seconds: 8);
        var (split, parts) = await SplitAsync(file);
        await using var server = new ScriptedServer(parts, "one");

        var report = await PlayAsync(split, new() { At = TimeSpan.FromSeconds(5.2) }, server);

        Assert.That(report.Error, Is.Null);
        Assert.That((report.Ok, report.PlayedToEnd), Is.EqualTo((true, true)));
        Assert.That(report.PlayedSeconds, Is.EqualTo(2.8).Within(0.2));
    }

    [Test]
    public async Task A_view_shows_the_very_frames_that_a_seek_is_for()
    {
        var file = await MakeAsync(SampleKind.MpegTs, seconds: 8);
        var (split, parts) = await SplitAsync(file);
        await using var server = new ScriptedServer(parts, "one");
        await using var network = Scdn.Client.NetworkManager.Start(Grant(split, server), new() { TemporaryRoot = _folder["temp"] });
        await using var source = new Scdn.Client.Loopback.PlayerSource(network);
        var key = SeekIndex.Of(split.Manifest).Before(TimeSpan.FromSeconds(5.2))!.Value;

        await using var viewed = FFmpegDecode.StartView(_tools, source.ViewFrom(key.Offset), key.Time, TimeSpan.FromSeconds(5.2));
        var seen = await viewed.ReadFramesAsync(CancellationToken.None).Where(frame => frame.Kind == MediaKind.Video).Select(frame => frame.Checksum).ToListAsync();

        await using var whole = FFmpegDecode.StartFile(_tools, file, TimeSpan.Zero);
        var all = await whole.ReadFramesAsync(CancellationToken.None).Where(frame => frame.Kind == MediaKind.Video).Select(frame => frame.Checksum).ToListAsync();
        Assert.That(seen, Has.Count.EqualTo(70).And.EqualTo(all[^seen.Count..]));
    }

    [Test]
    public async Task Says_which_server_it_stood_still_for_and_why()
    {
        var (split, parts) = await SplitAsync(await MakeAsync(SampleKind.Mkv, seconds: 10));
        await using var server = new ScriptedServer(parts, "one");
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Scdn.Client.NetworkManager? network = null;
        var options = Options(new() { Speed = 4, Network = new() { ReadAhead = TimeSpan.FromSeconds(1) }, Fetching = fetching => network = fetching });
        var playing = new HeadlessPlayer(_tools, TimeProvider.System).PlayAsync(_ => Task.FromResult(Grant(split, server)), options, new Moved(() => server.Hold = held.Task), CancellationToken.None);
        await Eventually.HoldsAsync(() => network?.Report().Events.Any(one => one.Kind is PlayEventKind.Left) is true, "the server was left");
        held.SetResult();

        var report = await playing;
        Assert.That(report.Events.Where(one => one.Kind is PlayEventKind.Stalled).Select(one => (one.Server, one.Fault)), Has.Member(("one", (PlayFault?)PlayFault.Silent)));
        Assert.That(report.Events.Where(one => one.Kind is PlayEventKind.Stalled).Sum(one => one.Ms), Is.EqualTo(report.StallMs).Within(report.Stalls));
        Assert.That(report.Why, Does.StartWith("Stood still ").And.Contain("one fell silent at "));
    }

    [Test]
    public async Task Reports_why_playing_broke_off()
    {
        var (split, parts) = await SplitAsync(await MakeAsync(SampleKind.Mp4));
        await using var server = new ScriptedServer(parts, "one") { Script = _ => Behaviour.Unauthorized };
        var grant = Grant(split, server) with { RenewAsync = _ => Task.FromException<ServerAccess>(new PlayerException("Your licence was withdrawn.")) };

        var report = await new HeadlessPlayer(_tools, TimeProvider.System).PlayAsync(_ => Task.FromResult(grant), Options(new()), null, CancellationToken.None);

        // What came with the header is played all the same.
        Assert.That((report.Ok, report.PlayedToEnd), Is.EqualTo((false, false)));
        Assert.That(report.Error, Is.EqualTo("Your licence was withdrawn."));
    }

    [Test]
    public async Task Leaves_no_temporary_file()
    {
        var (split, parts) = await SplitAsync(await MakeAsync(SampleKind.Mp3));
        await using var server = new ScriptedServer(parts, "one");

        await PlayAsync(split, new() { Speed = 1000 }, server);

        Assert.That(Directory.EnumerateFileSystemEntries(_folder["temp"]), Is.Empty);
    }

    /// <summary>Does something when the picture is two seconds on.</summary>
    private sealed class Moved(Action act) : IProgress<PlaybackProgress>
    {
        private bool _acted;

        public void Report(PlaybackProgress value)
        {
            if (_acted || value.Position < TimeSpan.FromSeconds(2)) return;
            _acted = true;
            act();
        }
    }

    private static PlayGrant Grant(SplitResult split, params IEnumerable<ScriptedServer> servers) => new()
    {
        Header = split.Header,
        Manifest = split.Manifest,
        Key = split.Key,
        Access = new("the-key", DateTimeOffset.MaxValue, [.. servers.Select(server => server.Ranked)]),
    };

    private async Task<PlaybackReport> PlayAsync(SplitResult split, PlaybackOptions options, params ScriptedServer[] servers)
    {
        var player = new HeadlessPlayer(_tools, TimeProvider.System);
        return await player.PlayAsync(_ => Task.FromResult(Grant(split, servers)), Options(options), null, CancellationToken.None);
    }

    // Faster than real time, but not so fast that nothing is waited for.
    private PlaybackOptions Options(PlaybackOptions options) =>
        options with { Speed = options.Speed > 1 ? options.Speed : 20, Network = options.Network with { TemporaryRoot = _folder["temp"] } };

    private async Task<string> MakeAsync(SampleKind kind, int seconds = 3)
    {
        var path = _folder["sample"];
        await new SampleMedia(_tools).CreateAsync(path, new() { Kind = kind, Duration = TimeSpan.FromSeconds(seconds) }, CancellationToken.None);
        return path;
    }

    private async Task<(SplitResult Split, string Parts)> SplitAsync(string file)
    {
        var plan = await new MediaPlanner(_tools).PlanAsync(file, MediaFormat.Auto, null, CancellationToken.None);
        using var publisher = PublisherKey.Generate();
        var splitter = new Splitter(publisher, new() { PartSize = 256 * 1024 });
        return (await splitter.SplitAsync(file, _folder["parts"], plan.Plan!, null, CancellationToken.None), _folder["parts"]);
    }

    private async Task<long> CountFramesAsync(string file)
    {
        await using var decode = FFmpegDecode.StartFile(_tools, file, TimeSpan.Zero);
        return await decode.ReadFramesAsync(CancellationToken.None).CountAsync();
    }
}
