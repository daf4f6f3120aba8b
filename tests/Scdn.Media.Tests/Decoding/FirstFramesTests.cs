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
        using var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
        await using var start = new PageServer(file, new([], grow: true), long.MaxValue);
        await using var near = new PageServer(file, new([], grow: true), long.MaxValue);
        await using var far = new PageServer(file, new([], grow: true), long.MaxValue);

        var end = await new FirstFrames(Tools).DecodeAsync(
            [new(start, info, null), new(near, info, TimeSpan.FromSeconds(3)), new(far, info, TimeSpan.FromSeconds(7))], TestContext.CurrentContext.CancellationToken);

        Assert.That((end.Frames, end.Whole), Is.EqualTo((6, true)));
    }

    [Test]
    public async Task Ends_when_nothing_can_be_done_without_what_a_source_keeps()
    {
        var (path, info) = await SampleAsync();
        await using var file = File.OpenRead(path);
        using var original = new SharedStream(file);
        // Enough to open a Matroska file, not to decode anything.
        await using var server = new LimitedServer(original, [new ByteRange(0, 1024)]);

        var end = await new FirstFrames(Tools).DecodeAsync([new(server, info, null)], TestContext.CurrentContext.CancellationToken);

        Assert.That((end.Frames, end.Whole, server.Missing), Is.EqualTo((0, false, (long?)1024)));
    }

    private static async Task<(string Path, MediaInfo Info)> SampleAsync()
    {
        var path = await TestMedia.GetAsync(SampleKind.Mkv);
        return (path, (await new MediaProbe(Tools).ProbeAsync(path, CancellationToken.None)).Info!);
    }
}
