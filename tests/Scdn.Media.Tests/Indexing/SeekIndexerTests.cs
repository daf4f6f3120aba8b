using Scdn.Format;
using Scdn.Media.Indexing;
using Scdn.Media.Probing;
using Scdn.Media.Samples;
using Scdn.Media.Tools;
using Scdn.Media.Tracing;
using Scdn.Media.Verifying;
using Scdn.Testing;

namespace Scdn.Media.Tests.Indexing;

[CancelAfter(120_000)]
internal sealed class SeekIndexerTests
{
    private const int Seeks = 10;
    private static readonly FFmpegTools Tools = FFmpegTools.Find();

    [Test]
    public async Task A_seek_needs_the_head_and_what_the_index_names_alone([Values] SampleKind kind) =>
        await SeeksAsync(await TestMedia.GetAsync(new SampleSpec { Kind = kind, Duration = TimeSpan.FromSeconds(20), BitsPerSecond = 2_000_000, Width = 320, Height = 240 }));

    [TestCaseSource(typeof(SharedMedia), nameof(SharedMedia.Names))]
    public async Task A_seek_in_a_real_file_needs_no_more(string name)
    {
        if (SharedMedia.Get(name) is not { DecodesCleanly: true } media)
        {
            Assert.Ignore(name.Length == 0 ? SharedMedia.Absent : "This file is damaged on purpose.");
            return;
        }

        await SeeksAsync(media.Path);
    }

    [TestCase(SampleKind.Mp4, false)]
    [TestCase(SampleKind.Mkv, false)]
    [TestCase(SampleKind.Wav, false)]
    [TestCase(SampleKind.MpegTs, true)]
    [TestCase(SampleKind.Mp3, true)]
    public async Task Views_are_for_files_that_demuxers_search(SampleKind kind, bool views)
    {
        var (index, _, _) = await IndexAsync(await TestMedia.GetAsync(kind));
        Assert.That((index.View is not null, index.Note is not null), Is.EqualTo((views, views)));
    }

    [Test]
    public async Task A_seek_fails_without_a_byte_that_the_index_names()
    {
        var path = await TestMedia.GetAsync(SampleKind.Mkv);
        var (index, info, head) = await IndexAsync(path);
        index = index with { KeyFrames = [.. index.KeyFrames.Select(frame => frame with { Ranges = [.. Ranges.Without(frame.Ranges, [new(frame.Offset, 1)])] })] };
        await using var file = File.OpenRead(path);
        using var verifier = new PlayVerifier(Tools, file, head);

        var proof = await verifier.SeekAsync(info, index, TimeSpan.FromSeconds(5), CancellationToken.None);

        Assert.That((proof.Holds, proof.Missing), Is.EqualTo((false, (long?)index.Before(TimeSpan.FromSeconds(5))!.Value.Offset)));
    }

    private static async Task SeeksAsync(string path)
    {
        var (index, info, head) = await IndexAsync(path);
        await using var file = File.OpenRead(path);
        using var verifier = new PlayVerifier(Tools, file, head);
        for (var seek = 0; seek < Seeks; seek++)
        {
            var proof = await verifier.SeekAsync(info, index, index.KeyFrames[^1].Time * ((seek + 0.5) / Seeks), CancellationToken.None);
            Assert.That(proof.Holds, $"{proof} {index.Note}");
        }
    }

    private static async Task<(SeekIndex Index, MediaInfo Info, IReadOnlyList<ByteRange> Head)> IndexAsync(string path)
    {
        var info = (await new MediaProbe(Tools).ProbeAsync(path, CancellationToken.None)).Info!;
        var trace = await new HeadTracer(Tools, new()).TraceAsync(path, info, CancellationToken.None);
        var index = await new KeyFrameIndexer(Tools).IndexAsync(path, info, CancellationToken.None);
        return (await new SeekIndexer(Tools).IndexAsync(path, info, trace, index, CancellationToken.None), info, trace.Head);
    }
}
