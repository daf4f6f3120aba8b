using Microsoft.Win32.SafeHandles;
using Scdn.Format;
using Scdn.Media.Decoding;
using Scdn.Media.Probing;
using Scdn.Media.Samples;
using Scdn.Media.Tools;
using Scdn.Media.Tracing;
using Scdn.Media.Verifying;
using Scdn.Testing;

namespace Scdn.Media.Tests.Tracing;

[CancelAfter(120_000)]
internal sealed class HeadTracerTests
{
    // A machine that runs all tests at once may be slow; only bytes are to stop these traces.
    private static readonly TraceLimits Patient = new() { Time = TimeSpan.FromMinutes(1) };
    private static readonly FFmpegTools Tools = FFmpegTools.Find();
    private static readonly HeadTracer Tracer = new(Tools, Patient);

    [TestCaseSource(typeof(SharedMedia), nameof(SharedMedia.Names))]
    public async Task A_real_file_opens_from_its_head_alone(string name)
    {
        if (SharedMedia.Get(name) is not { } file) Assert.Ignore(SharedMedia.Absent);
        else await OpensFromItsHeadAsync(file.Path, file.DecodesCleanly);
    }

    [Test]
    public async Task A_file_of_every_kind_opens_from_its_head_alone([Values] SampleKind kind) =>
        await OpensFromItsHeadAsync(await TestMedia.GetAsync(kind), decodes: true);

    [TestCase(SampleKind.Mp4, 3)]
    [TestCase(SampleKind.Mp4Fragmented, 5)]
    [TestCase(SampleKind.Mkv, 1)]
    [TestCase(SampleKind.Avi, 3)]
    public async Task The_head_is_small(SampleKind kind, int megabits)
    {
        var trace = await TraceAsync(await TestMedia.GetAsync(kind));
        Assert.That(Ranges.Union(trace.Head).Sum(range => range.Length), Is.LessThan(megabits * 1_000_000 / 8));
    }

    [TestCase(SampleKind.Mkv)]
    [TestCase(SampleKind.WebM)]
    [TestCase(SampleKind.Mp4)]
    [TestCase(SampleKind.Avi)]
    public async Task A_seek_to_anywhere_needs_one_more_run_at_most(SampleKind kind)
    {
        var path = await TestMedia.GetAsync(kind);
        var info = await ProbeAsync(path);
        var trace = await TraceAsync(path);
        using var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
        var seek = await TraceExactlyAsync(file, info, info.Duration * 0.5, Patient.SeekingTotalBytes);
        // Pictures and sound of one moment lie side by side; what is near is one request.
        var runs = Ranges.Union(Ranges.Without(seek.Runs, trace.Head).Select(range => range with { Length = range.Length + 32_768 }));
        Assert.That(runs, Has.Count.LessThanOrEqualTo(1));
    }

    [TestCase(SampleKind.Mkv)]
    [TestCase(SampleKind.WebM)]
    public async Task Finds_the_cues_that_only_a_seek_reads(SampleKind kind)
    {
        var path = await TestMedia.GetAsync(kind);
        var trace = await TraceAsync(path);
        var bytes = await File.ReadAllBytesAsync(path);
        // The EBML id of Cues (RFC 9559); its last occurrence is the element, those before it are names in the seek head.
        var cues = bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x1C, 0x53, 0xBB, 0x6B]);
        Assert.That(trace.Seeking, Has.Some.Matches<Scdn.Format.ByteRange>(range => range.Contains(cues)));
    }

    [Test]
    public async Task Keeps_out_of_the_head_what_is_read_on_the_way_to_a_target()
    {
        // Without an index, FLV is read from its start.
        var trace = await TraceAsync(await TestMedia.GetAsync(SampleKind.Flv));
        Assert.That(trace.Seeking, Is.Empty);
    }

    [Test]
    public async Task Says_that_opening_reads_too_much()
    {
        var path = await TestMedia.GetAsync(SampleKind.MpegTs);
        var trace = await new HeadTracer(Tools, Patient with { OpeningBytes = 65_536, StoppedBytes = 4_096 }).TraceAsync(path, await ProbeAsync(path), CancellationToken.None);
        Assert.That(trace.OpeningStopped, Does.Contain("opening reads more than"));
        Assert.That(trace.Opening.Sum(range => range.Length), Is.EqualTo(4_096));
        Assert.That(trace.Seeking, Is.Empty);
    }

    [Test]
    public async Task Says_that_a_seek_reads_too_much()
    {
        var path = await TestMedia.GetAsync(SampleKind.Flv);
        var trace = await new HeadTracer(Tools, Patient with { OpeningBytes = 600_000, SeekingBytes = 0 }).TraceAsync(path, await ProbeAsync(path), CancellationToken.None);
        Assert.That(trace.OpeningStopped, Is.Null);
        Assert.That(trace.SeekingStopped, Does.Contain("a seek reads more than"));
    }

    [Test]
    public async Task Is_exact_although_long_runs_are_read_by_larger_pages()
    {
        var path = await TestMedia.GetAsync(SampleKind.MpegPs);
        var info = await ProbeAsync(path);
        using var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
        var adaptive = await TraceExactlyAsync(file, info, null, Patient.OpeningBytes);
        // The smallest pages everywhere.
        await using var server = new PageServer(file, new([], grow: false), Patient.OpeningBytes);
        await new FirstFrames(Tools).DecodeAsync([new(server, info, null)], CancellationToken.None);
        Assert.That(Ranges.Union(adaptive.Runs), Is.EqualTo(Ranges.Union(server.Runs)));
    }

    private static async Task OpensFromItsHeadAsync(string path, bool decodes)
    {
        var info = await ProbeAsync(path);
        var trace = await TraceAsync(path);
        Assert.That((trace.OpeningStopped, trace.Decoded, trace.AnyFrame), Is.EqualTo(((string?)null, decodes, decodes)));
        if (!decodes) return;

        await using var file = File.OpenRead(path);
        using var verifier = new PlayVerifier(Tools, file, trace.Head);
        var proof = await verifier.StartAsync(TestContext.CurrentContext.CancellationToken);
        Assert.That(proof.Holds, $"{proof}");
        Assert.That(proof.Streams, Is.EqualTo(info.Playable.Count()));
    }

    [Test]
    public async Task A_head_that_lacks_a_page_is_not_enough()
    {
        var path = await TestMedia.GetAsync(SampleKind.Mp4);
        var head = (await TraceAsync(path)).Head;
        await using var file = File.OpenRead(path);
        var lacking = new ByteRange(head[0].End - PageSizes.Smallest, PageSizes.Smallest);

        using var verifier = new PlayVerifier(Tools, file, [.. Ranges.Without(head, [lacking])]);

        var proof = await verifier.StartAsync(TestContext.CurrentContext.CancellationToken);

        Assert.That((proof.Holds, proof.Missing), Is.EqualTo((false, (long?)lacking.Offset)));
    }

    private static async Task<TraceRun> TraceExactlyAsync(SafeFileHandle file, MediaInfo info, TimeSpan? seek, long maxBytes) => (await Tracer.ExactAsync(
        file, info, [seek], await Tracer.TraceAsync(file, info, [seek], [new([], grow: true)], maxBytes, CancellationToken.None), maxBytes, CancellationToken.None))[0];

    private static async Task<HeadTrace> TraceAsync(string path) => await Tracer.TraceAsync(path, await ProbeAsync(path), CancellationToken.None);

    private static async Task<MediaInfo> ProbeAsync(string path) => (await new MediaProbe(Tools).ProbeAsync(path, CancellationToken.None)).Info!;
}
