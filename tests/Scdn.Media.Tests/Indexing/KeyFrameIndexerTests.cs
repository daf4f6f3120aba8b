using System.Collections.Immutable;
using System.Text;
using Scdn.Format;
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
            Assert.That(frames, Has.Some.Matches<KeyFrame>(frame => Math.Abs(frame.Time.TotalSeconds - second) < 0.2), $"at {second} s");
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
        var frames = List(
            TimeSpan.FromSeconds(1),
            "0,1.0,1.0,1,N/A,K_",
            "0,N/A,N/A,1,10,K_",
            "0,2.0,1.0,1,500000000,K_",
            "0,3.0,1.0,1,20,__",
            "0,1e99,N/A,1,20,K_",
            "7,2,N/A,1,20,K_",
            "",
            "0,N/A,4.5,1,30,K_");
        Assert.That(frames.Select(frame => (frame.Time, frame.Offset)), Is.EqualTo(new[] { (TimeSpan.FromSeconds(3.5), 30L) }));
    }

    [Test]
    public void An_entry_covers_what_is_decoded_until_every_stream_has_begun()
    {
        var frames = List(
            TimeSpan.FromSeconds(1),
            "0,1,N/A,90,100,K_",
            "0,1.1,N/A,90,200,__",
            "1,1,N/A,5,290,K_",
            "0,1.2,N/A,90,300,__",
            "0,1.3,N/A,90,400,__",
            "0,1.4,N/A,90,500,__",
            "1,1.1,N/A,5,600,K_",
            "1,1.2,N/A,5,700,K_",
            "0,1.5,N/A,90,800,__");
        Assert.That(frames.Single().Ranges, Is.EqualTo(new ByteRange[] { new(0, 705) }), "from the gap before the first packet to the third packet of sound");
    }

    [Test]
    public void An_entry_names_the_sound_of_its_picture_although_it_lies_elsewhere()
    {
        var frames = List(
            TimeSpan.FromSeconds(1),
            "1,1,N/A,5,900000,K_",
            "0,1,N/A,90,100,K_",
            "1,1.1,N/A,5,900005,K_",
            "1,1.2,N/A,5,900010,K_",
            "1,1.3,N/A,5,900015,K_");
        Assert.That(frames.Single().Ranges, Is.EqualTo(new ByteRange[] { new(100, 90), new(900_000, 20) }));
    }

    [Test]
    public void Key_frames_too_near_for_an_entry_are_covered_by_the_one_before()
    {
        var frames = List(
            TimeSpan.FromSeconds(1),
            [.. Enumerable.Range(0, 12).Select(number => $"0,{1 + (number * 0.1):0.0},N/A,100,{number * 100},K_")]);
        Assert.That(frames.Select(frame => frame.Offset), Is.EqualTo(new[] { 0, 1000 }));
        Assert.That(frames[0].Ranges, Is.EqualTo(new ByteRange[] { new(0, 1200) }));
    }

    private static MediaInfo Info() => new()
    {
        Length = 100_000_000,
        Container = "avi",
        Format = null,
        ProbeScore = 100,
        MediaType = "video/x-msvideo",
        Duration = TimeSpan.FromSeconds(10),
        StartTime = TimeSpan.FromSeconds(1),
        BitsPerSecond = 0,
        Streams = [new(0, MediaKind.Video, "mpeg4"), new(1, MediaKind.Audio, "mp3")],
    };

    [Test]
    public void The_last_entry_reaches_to_the_end_when_that_is_near()
    {
        var frames = List(TimeSpan.FromSeconds(1), "0,1,N/A,100,200,K_", "0,3,N/A,100,99000000,K_");
        Assert.That(frames.Select(frame => frame.Ranges[^1].End), Is.EqualTo(new[] { 99_000_100, 100_000_000 }));
    }

    [Test]
    public void A_packet_without_a_place_shares_that_of_the_one_before()
    {
        var frames = List(
            TimeSpan.FromSeconds(1),
            [.. Enumerable.Range(0, 5).Select(number => $"0,{1 + (number * 0.1):0.0},N/A,100,{number * 100},{(number == 0 ? "K" : "_")}_"),
             "1,1,N/A,50,600,K_", "1,1.1,N/A,50,N/A,K_", "1,1.2,N/A,50,N/A,K_",
             "0,1.6,N/A,100,900,__"]);
        Assert.That(frames.Single().Ranges, Is.EqualTo(new ByteRange[] { new(0, 650) }));
    }

    [Test]
    [Platform("Linux")]
    public async Task Finds_the_same_with_an_ffprobe_that_can_only_write_by_lines()
    {
        using var folder = new TempFolder();
        var old = folder.Write("ffprobe", $"""
            #!/bin/sh
            for word; do
              if [ "$word" = -o ]; then echo "Failed to set value 'pipe:1' for option 'o': Option not found" >&2; exit 1; fi
            done
            exec '{Tools.FFprobePath}' "$@"

            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(old, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var path = await TestMedia.GetAsync(SampleKind.Mkv);
        var (info, frames) = await IndexAsync(path);

        var found = await new KeyFrameIndexer(Tools with { FFprobePath = old }).IndexAsync(path, info, CancellationToken.None);

        Assert.That(frames, Is.Not.Empty);
        Assert.That(found.ForDemuxers().KeyFrames.Select(frame => (frame.Time, frame.Offset)), Is.EqualTo(frames.Select(frame => (frame.Time, frame.Offset))));
    }

    private static ImmutableArray<KeyFrame> List(TimeSpan closest, params string[] lines)
    {
        var list = new KeyFrameList(Info() with { StartTime = TimeSpan.FromSeconds(1) }, closest);
        foreach (var line in lines)
        {
            if (Packet.TryRead(Encoding.ASCII.GetBytes(line), out var packet)) list.Add(packet);
        }

        return list.ToIndex().ForDemuxers().KeyFrames;
    }

    private static async Task<(MediaInfo Info, ImmutableArray<KeyFrame> Frames)> IndexAsync(string path)
    {
        var info = (await new MediaProbe(Tools).ProbeAsync(path, CancellationToken.None)).Info!;
        return (info, (await new KeyFrameIndexer(Tools).IndexAsync(path, info, CancellationToken.None)).ForDemuxers().KeyFrames);
    }
}
