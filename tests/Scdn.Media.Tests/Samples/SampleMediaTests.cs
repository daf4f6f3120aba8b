using Scdn.Media.Probing;
using Scdn.Media.Samples;
using Scdn.Media.Tools;
using Scdn.Testing;

namespace Scdn.Media.Tests.Samples;

[CancelAfter(120_000)]
internal sealed class SampleMediaTests
{
    [TestCase(SampleKind.Mp4, "mp4", "video/mp4", "h264,aac")]
    [TestCase(SampleKind.Mp4FastStart, "mp4", "video/mp4", "h264,aac")]
    [TestCase(SampleKind.Mp4Fragmented, "mp4", "video/mp4", "h264,aac")]
    [TestCase(SampleKind.Mov, "mov", "video/quicktime", "h264,aac")]
    [TestCase(SampleKind.Mkv, "mkv", "video/x-matroska", "h264,aac")]
    [TestCase(SampleKind.WebM, "webm", "video/webm", "vp8,vorbis")]
    [TestCase(SampleKind.Avi, "avi", "video/x-msvideo", "mpeg4,mp3")]
    [TestCase(SampleKind.MpegPs, "mpeg", "video/mpeg", "mpeg2video,mp2")]
    [TestCase(SampleKind.MpegTs, "mpegts", "video/mp2t", "h264,aac")]
    [TestCase(SampleKind.Asf, "asf", "video/x-ms-asf", "wmv2,wmav2")]
    [TestCase(SampleKind.Flv, "flv", "video/x-flv", "h264,aac")]
    [TestCase(SampleKind.Ogg, "ogg", "video/ogg", "theora,vorbis")]
    [TestCase(SampleKind.Mp3, "mp3", "audio/mpeg", "mp3")]
    [TestCase(SampleKind.Flac, "flac", "audio/flac", "flac")]
    [TestCase(SampleKind.Wav, "wav", "audio/wav", "pcm_s16le")]
    [TestCase(SampleKind.M4a, "mp4", "audio/mp4", "aac")]
    public async Task Makes_a_file_of_every_kind_that_opens_with_all_its_streams(SampleKind kind, string format, string mediaType, string codecs)
    {
        var outcome = await new MediaProbe(FFmpegTools.Find()).ProbeAsync(await TestMedia.GetAsync(kind), CancellationToken.None);
        Assert.That(outcome.Fault, Is.Null);
        var info = outcome.Info!;
        Assert.That((info.Format?.Name, info.MediaType), Is.EqualTo((format, mediaType)));
        Assert.That(string.Join(',', info.Streams.Where(stream => stream.Kind != MediaKind.Data).OrderBy(stream => stream.Kind).Select(stream => stream.Codec)), Is.EqualTo(codecs));
        Assert.That(info.Duration.TotalSeconds, Is.EqualTo(10).Within(0.5));
    }

    [Test]
    public async Task Puts_the_index_last_unless_it_is_asked_for_first()
    {
        Assert.That(await FirstAsync(SampleKind.Mp4, "moov"), Is.GreaterThan(await FirstAsync(SampleKind.Mp4, "mdat")));
        Assert.That(await FirstAsync(SampleKind.Mp4FastStart, "moov"), Is.LessThan(await FirstAsync(SampleKind.Mp4FastStart, "mdat")));

        static async Task<int> FirstAsync(SampleKind kind, string box) =>
            (await File.ReadAllBytesAsync(await TestMedia.GetAsync(kind))).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(box));
    }

    [Test]
    public async Task Keeps_to_the_bit_rate_roughly()
    {
        var length = new FileInfo(await TestMedia.GetAsync(SampleKind.Mp4)).Length;
        Assert.That(length * 8 / 10, Is.InRange(1_500_000, 2_500_000));
    }

    [Test]
    public async Task Leaves_nothing_behind_when_it_is_cancelled()
    {
        using var folder = new TempFolder();
        using var cancel = new CancellationTokenSource();
        var making = new SampleMedia(FFmpegTools.Find()).CreateAsync(folder["a.mp4"], new() { Duration = TimeSpan.FromHours(10) }, cancel.Token);
        await cancel.CancelAsync();
        Assert.That(async () => await making, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [Test]
    public void Says_why_it_could_not_make_one()
    {
        using var folder = new TempFolder();
        Assert.That(
            async () => await new SampleMedia(FFmpegTools.Find()).CreateAsync(folder["no/such/folder/a.mp4"], new() { Duration = TimeSpan.FromSeconds(1) }, CancellationToken.None),
            Throws.InstanceOf<MediaException>().With.Message.Contains("No such file or directory"));
    }
}
