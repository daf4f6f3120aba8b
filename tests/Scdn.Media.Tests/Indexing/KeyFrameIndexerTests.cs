using Scdn.Media.Indexing;
using Scdn.Media.Probing;
using Scdn.Media.Samples;
using Scdn.Media.Tools;
using Scdn.Testing;

namespace Scdn.Media.Tests.Indexing;

[CancelAfter(120_000)]
internal sealed class KeyFrameIndexerTests
{
    private static readonly FFmpegTools Tools = FFmpegTools.Find();

    [Test]
    public async Task Finds_a_key_frame_every_two_seconds(
        [Values(SampleKind.Mp4, SampleKind.Mp4Fragmented, SampleKind.Mkv, SampleKind.Avi, SampleKind.MpegPs, SampleKind.MpegTs, SampleKind.Asf, SampleKind.Flv)] SampleKind kind)
    {
        var (info, frames) = await IndexAsync(await TestMedia.GetAsync(kind));
        Assert.That(frames.Select(frame => frame.Offset), Is.All.InRange(0, info.Length - 1));
        Assert.That(frames.Select(frame => frame.Offset), Is.Unique.And.Ordered);
        Assert.That(frames.Select(frame => frame.Time), Is.Ordered);
        Assert.That(frames[0].Time, Is.LessThan(TimeSpan.FromMilliseconds(200)));
        for (var second = 0; second < 10; second += 2)
            Assert.That(frames, Has.Some.Matches<Scdn.Format.KeyFrame>(frame => Math.Abs(frame.Time.TotalSeconds - second) < 0.2), $"at {second} s");
    }

    [TestCase(SampleKind.Mp3)]
    [TestCase(SampleKind.Wav)]
    [TestCase(SampleKind.M4a)]
    public async Task Takes_sound_once_a_second(SampleKind kind)
    {
        var (_, frames) = await IndexAsync(await TestMedia.GetAsync(kind));
        Assert.That(frames, Has.Length.InRange(9, 11));
    }

    [Test]
    public async Task Points_at_the_key_frames_bytes()
    {
        var path = await TestMedia.GetAsync(SampleKind.Mp4);
        var (_, frames) = await IndexAsync(path);
        var bytes = await File.ReadAllBytesAsync(path);
        foreach (var frame in frames)
        {
            // H.264 in MP4: four bytes of length, then the unit's type; the key frame (5) comes first, or after parameters and messages (6, 7, 8).
            Assert.That(bytes[frame.Offset + 4] & 0x1F, Is.AnyOf(5, 6, 7, 8));
        }
    }

    [Test]
    public async Task Reports_how_far_it_is()
    {
        var progress = new Reports();
        await IndexAsync(await TestMedia.GetAsync(SampleKind.Mkv), progress);
        Assert.That(progress.Values, Is.Not.Empty.And.Ordered);
    }

    [TestCaseSource(typeof(SharedMedia), nameof(SharedMedia.Names))]
    public async Task Indexes_real_files(string name)
    {
        if (SharedMedia.Get(name) is not { } file)
        {
            Assert.Ignore(SharedMedia.Absent);
            return;
        }

        var (info, frames) = await IndexAsync(file.Path);
        if (!file.DecodesCleanly) return;
        Assert.That(frames, Is.Not.Empty);
        Assert.That(frames.Select(frame => frame.Time), Is.Ordered);
        Assert.That(frames.Select(frame => frame.Time), Is.All.InRange(TimeSpan.Zero, info.Duration + TimeSpan.FromSeconds(3)));
    }

    [Test]
    public void Passes_over_packets_of_unknown_place_or_time()
    {
        var list = new KeyFrameList(Info(), TimeSpan.FromSeconds(1));
        list.Add("pts_time=N/A|dts_time=N/A|pos=10|flags=K_");
        list.Add("pts_time=1.0|dts_time=1.0|pos=N/A|flags=K_");
        list.Add("pts_time=2.0|dts_time=1.0|pos=5000|flags=K_");
        list.Add("pts_time=3.0|dts_time=1.0|pos=20|flags=__");
        list.Add("pts_time=1e99|dts_time=N/A|pos=20|flags=K_");
        list.Add("");
        list.Add("pts_time=N/A|dts_time=4.5|pos=30|flags=K_|side_datum/skip_samples:skip=1");
        Assert.That(list.ToSorted(), Is.EqualTo(new Scdn.Format.KeyFrame[] { new(TimeSpan.FromSeconds(3.5), 30) }));
    }

    private static MediaInfo Info() => new()
    {
        Length = 1000,
        Container = "avi",
        Format = null,
        ProbeScore = 100,
        MediaType = "video/x-msvideo",
        Duration = TimeSpan.FromSeconds(10),
        StartTime = TimeSpan.FromSeconds(1),
        BitsPerSecond = 0,
        Streams = [new(0, MediaKind.Video, "mpeg4")],
    };

    private static async Task<(MediaInfo Info, System.Collections.Immutable.ImmutableArray<Scdn.Format.KeyFrame> Frames)> IndexAsync(string path, IProgress<long>? progress = null)
    {
        var info = (await new MediaProbe(Tools).ProbeAsync(path, CancellationToken.None)).Info!;
        return (info, await new KeyFrameIndexer(Tools).IndexAsync(path, info, progress, CancellationToken.None));
    }

    private sealed class Reports : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
