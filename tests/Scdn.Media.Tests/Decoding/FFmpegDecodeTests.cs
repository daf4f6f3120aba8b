using Scdn.Loopback;
using Scdn.Media.Decoding;
using Scdn.Media.Samples;
using Scdn.Media.Tools;
using Scdn.Testing;

namespace Scdn.Media.Tests.Decoding;

[CancelAfter(120_000)]
internal sealed class FFmpegDecodeTests
{
    private static readonly FFmpegTools Tools = FFmpegTools.Find();

    [Test]
    public async Task Gives_every_frame_with_its_time()
    {
        var (frames, end) = await DecodeAsync(await TestMedia.GetAsync(SampleKind.Mp4), TimeSpan.Zero);
        var pictures = frames.Where(frame => frame.Kind == MediaKind.Video).ToList();
        var sound = frames.Where(frame => frame.Kind == MediaKind.Audio).ToList();
        Assert.That(end, Is.EqualTo(new DecodeEnd(0, false, [])).Using<DecodeEnd>((a, b) => a.IsComplete == b.IsComplete && a.Errors.Length == b.Errors.Length));
        Assert.That(pictures, Has.Count.EqualTo(250));
        Assert.That(pictures.Select(frame => frame.Time), Is.Ordered);
        Assert.That(pictures[100].Time, Is.EqualTo(TimeSpan.FromSeconds(4)).Within(TimeSpan.FromMilliseconds(1)));
        Assert.That(pictures[100].Duration, Is.EqualTo(TimeSpan.FromMilliseconds(40)));
        Assert.That(sound[^1].Time.TotalSeconds, Is.EqualTo(10).Within(0.1));
        Assert.That(pictures.DistinctBy(frame => frame.Checksum).Count(), Is.EqualTo(250));
    }

    [TestCase(SampleKind.Mp4)]
    [TestCase(SampleKind.Mkv)]
    [TestCase(SampleKind.MpegTs)]
    public async Task Starts_where_it_is_told_and_counts_time_from_the_contents_start(SampleKind kind)
    {
        var path = await TestMedia.GetAsync(kind);
        var (all, _) = await DecodeAsync(path, TimeSpan.Zero);
        var (late, _) = await DecodeAsync(path, TimeSpan.FromSeconds(6));
        var first = late.First(frame => frame.Kind == MediaKind.Video);
        Assert.That(first.Time.TotalSeconds, Is.EqualTo(6).Within(0.1));
        Assert.That(all.Single(frame => frame.Checksum == first.Checksum).Time, Is.EqualTo(first.Time).Within(TimeSpan.FromMilliseconds(60)));
    }

    [TestCaseSource(typeof(SharedMedia), nameof(SharedMedia.Names))]
    public async Task Plays_real_files_to_their_end(string name)
    {
        if (SharedMedia.Get(name) is not { } file)
        {
            Assert.Ignore(SharedMedia.Absent);
            return;
        }

        var (frames, end) = await DecodeAsync(file.Path, TimeSpan.Zero);
        if (!file.DecodesCleanly)
        {
            Assert.That(end.LastError, Is.Not.Null);
            return;
        }

        Assert.That((end.ExitCode, end.SourceFailed), Is.EqualTo((0, false)));
        // One of them has a frame a second, the first at 2 s: too slow for FFmpeg to see, while it opens the file, that it doesn't begin at 0.
        var seconds = double.Parse(file.ContainerAndCodecs.Split(' ')[^1].TrimEnd('s'));
        Assert.That(frames.Max(frame => frame.Time + frame.Duration).TotalSeconds, Is.EqualTo(seconds).Within(1.1).Or.EqualTo(seconds + 2).Within(0.1));
    }

    [TestCase(SampleKind.Mp3)]
    [TestCase(SampleKind.Flac)]
    public async Task Plays_sound_alone(SampleKind kind)
    {
        var (frames, end) = await DecodeAsync(await TestMedia.GetAsync(kind), TimeSpan.Zero);
        Assert.That(end.IsComplete, Is.True);
        Assert.That(frames.Select(frame => frame.Kind), Is.All.EqualTo(MediaKind.Audio));
        Assert.That(frames[^1].Time.TotalSeconds, Is.EqualTo(10).Within(0.2));
    }

    [Test]
    public async Task Waits_for_its_reader()
    {
        // The whole film is 20 MB of 80 seconds; a reader that has taken one frame of it must not have pulled much through.
        var path = await TestMedia.GetAsync(new SampleSpec { Kind = SampleKind.Mp4FastStart, Duration = TimeSpan.FromSeconds(80), BitsPerSecond = 2_000_000, Width = 320, Height = 240 });
        var bytes = await File.ReadAllBytesAsync(path);
        long sent = 0;
        await using var server = LoopbackServer.Start(new() { SendBufferBytes = 4096 }, (exchange, token) => exchange.ServeAsync(bytes.Length, "video/mp4", async (offset, length, cancel) =>
        {
            for (var at = offset; at < offset + length; at += 4096)
            {
                var piece = (int)Math.Min(4096, offset + length - at);
                await exchange.WriteAsync(bytes.AsMemory((int)at, piece), cancel);
                Interlocked.Add(ref sent, piece);
            }
        }, token));
        await using var decode = FFmpegDecode.Start(Tools, server.BaseUri, TimeSpan.Zero);
        var read = new List<DecodedFrame>();
        await foreach (var frame in decode.ReadFramesAsync(CancellationToken.None))
        {
            read.Add(frame);
            // By then FFmpeg has been at work for long; it must be held up, not slow.
            if (frame.Time > TimeSpan.FromSeconds(20)) break;
        }

        // FFmpeg may be 50 frames ahead, and hold what its own and the system's buffers take: far from all the rest.
        Assert.That(Interlocked.Read(ref sent), Is.LessThan(bytes.Length / 2));
    }

    [Test]
    public async Task Says_that_the_source_failed_although_FFmpeg_ends_as_if_the_film_were_over()
    {
        var bytes = await File.ReadAllBytesAsync(await TestMedia.GetAsync(SampleKind.Mkv));
        await using var server = LoopbackServer.Start(new(), (exchange, token) => exchange.ServeAsync(bytes.Length, "video/x-matroska", async (offset, length, cancel) =>
        {
            await exchange.WriteAsync(bytes.AsMemory((int)offset, (int)Math.Min(length, bytes.Length / 2)), cancel);
            throw new IOException("lost");
        }, token));
        await using var decode = FFmpegDecode.Start(Tools, server.BaseUri, TimeSpan.Zero);
        await foreach (var _ in decode.ReadFramesAsync(CancellationToken.None))
        {
        }

        var end = await decode.WaitAsync(CancellationToken.None);
        Assert.That(end.IsComplete, Is.False);
        Assert.That(string.Join('\n', end.Errors), Does.Not.Contain(server.BaseUri.AbsolutePath));
    }

    [Test]
    public async Task Says_that_a_source_is_no_media()
    {
        using var folder = new TempFolder();
        var (frames, end) = await DecodeAsync(folder.Write("a.mp4", "nothing but words"), TimeSpan.Zero);
        Assert.That(frames, Is.Empty);
        Assert.That(end.ExitCode, Is.Not.Zero);
        Assert.That(end.LastError, Does.Contain("the source: Invalid data").Or.EqualTo("Error opening input files: Invalid data found when processing input"));
    }

    [TestCase("http://example.com/a.mp4")]
    [TestCase("https://127.0.0.1/a.mp4")]
    [TestCase("file:///etc/passwd")]
    public void Takes_sources_on_loopback_only(string source) =>
        Assert.That(() => FFmpegDecode.Start(Tools, new(source), TimeSpan.Zero), Throws.ArgumentException);

    private static async Task<(List<DecodedFrame> Frames, DecodeEnd End)> DecodeAsync(string path, TimeSpan startAt)
    {
        await using var decode = FFmpegDecode.StartFile(Tools, path, startAt);
        var frames = new List<DecodedFrame>();
        await foreach (var frame in decode.ReadFramesAsync(CancellationToken.None)) frames.Add(frame);
        return (frames, await decode.WaitAsync(CancellationToken.None));
    }
}
