using Scdn.Format;
using Scdn.Media.Decoding;
using Scdn.Media.Probing;
using Scdn.Media.Samples;
using Scdn.Media.Tools;
using Scdn.Media.Tracing;
using Scdn.Media.Verifying;
using Scdn.Testing;

namespace Scdn.Media.Tests.Decoding;

[CancelAfter(60_000)]
internal sealed class FirstFramesTests
{
    private static readonly FFmpegTools Tools = FFmpegTools.Find();

    [Test]
    public async Task Gives_a_frame_of_every_stream_of_every_source_in_one_run()
    {
        var (path, info) = await SampleAsync();
        await using var file = FileServer.Open(path);
        var all = 0;

        var end = await new FirstFrames(Tools).DecodeAsync(
            [new(file.Url, info, null, []), new(file.Url, info, TimeSpan.FromSeconds(3), []), new(file.Url, info, TimeSpan.FromSeconds(7), [])],
            () => all++, CancellationToken.None, TestContext.CurrentContext.CancellationToken);

        Assert.That((end.Frames, end.Whole, all), Is.EqualTo((6, true, 1)));
    }

    [Test]
    public async Task Ends_when_nothing_can_be_done_without_what_a_source_keeps()
    {
        var (path, info) = await SampleAsync();
        await using var file = File.OpenRead(path);
        using var original = new SharedStream(file);
        // Enough to open a Matroska file, not to decode anything.
        await using var server = new LimitedServer(original, [new ByteRange(0, 1024)]);

        var end = await new FirstFrames(Tools).DecodeAsync(
            [new(server.Url, info, null, PageServer.Reading)], Assert.Fail, server.Starved, TestContext.CurrentContext.CancellationToken);

        Assert.That((end.Frames, end.Whole, server.Missing), Is.EqualTo((0, false, (long?)1024)));
    }

    private static async Task<(string Path, MediaInfo Info)> SampleAsync()
    {
        var path = await TestMedia.GetAsync(SampleKind.Mkv);
        return (path, (await new MediaProbe(Tools).ProbeAsync(path, CancellationToken.None)).Info!);
    }
}
