using System.Collections.Immutable;

namespace Scdn.Format.Tests.Sources;

internal sealed class PlayStartTests
{
    private const int Segment = PartLayout.SegmentSize;
    private SplitFixture _fixture = null!;

    [SetUp]
    public void MakeFolder() => _fixture = new();

    [TearDown]
    public void RemoveFolder() => _fixture.Dispose();

    [Test]
    public async Task Is_the_head_and_the_first_second_after_it()
    {
        var split = await SplitAsync("full", inlineHead: 0, length: 40 * Segment, duration: TimeSpan.FromSeconds(20), new ByteRange(39 * Segment, Segment), new ByteRange(0, 1000));

        var start = PlayStart.Of(split.Header, split.Manifest);

        var (head, data) = (split.Manifest.Parts[0], split.Manifest.Parts.First(part => part.Kind == PartKind.Data));
        Assert.That(start.Runs.Select(run => (run.Part, run.First, run.Count)), Is.EqualTo(new[] { (head.Id, 0, 2), (data.Id, 0, 2) }));
        Assert.That(split.Header.TryGetPart(head.Id, out var known));
        Assert.That(start.Runs[0].Root, Is.EqualTo(known!.Root));
        Assert.That((start.Runs[0].StoredLength, start.Runs[0].Encrypted), Is.EqualTo((known.StoredLength, true)));
    }

    [Test]
    public async Task Leaves_out_what_the_header_brings_along()
    {
        var split = await SplitAsync("full", inlineHead: 4096, length: 40 * Segment, duration: TimeSpan.FromSeconds(20), new ByteRange(0, 1000));

        var data = split.Manifest.Parts.First(part => part.Kind == PartKind.Data);
        Assert.That(PlayStart.Of(split.Header, split.Manifest).Runs.Select(run => (run.Part, run.First, run.Count)), Is.EqualTo(new[] { (data.Id, 0, 2) }));
    }

    // A megabyte as stored is 15 segments, two are 31. The first second of these is 16 segments.
    [TestCase(10, 10, 5)]
    [TestCase(14, 14, 1)]
    [TestCase(20, 20, 1)]
    [TestCase(40, 31, 0)]
    public async Task Has_a_megabyte_at_most_or_two_where_the_head_is_so_long(int headSegments, int head, int data)
    {
        var split = await SplitAsync("full", inlineHead: 0, length: 160 * Segment, duration: TimeSpan.FromSeconds(1), new ByteRange(100 * Segment, headSegments * Segment));
        var headParts = split.Manifest.Parts.Where(part => part.Kind == PartKind.Head).Select(part => part.Id).ToHashSet();

        var start = PlayStart.Of(split.Header, split.Manifest);

        Assert.That(start.Runs.Where(run => headParts.Contains(run.Part)).Sum(run => run.Count), Is.EqualTo(head));
        Assert.That(start.Runs.Where(run => !headParts.Contains(run.Part)).Sum(run => run.Count), Is.EqualTo(data));
    }

    [Test]
    public async Task Is_never_all_of_a_content_that_anybody_can_read()
    {
        var split = await SplitAsync("none", inlineHead: 0, length: 3 * Segment, duration: TimeSpan.FromSeconds(1), new ByteRange(0, 1000));

        Assert.That(PlayStart.Of(split.Header, split.Manifest).Runs.Sum(run => run.Count), Is.EqualTo(split.Manifest.Parts.Sum(part => part.Layout.SegmentCount) - 1));
    }

    [Test]
    public async Task Says_which_bytes_of_the_files_it_takes()
    {
        var split = await SplitAsync("full", inlineHead: 0, length: 40 * Segment, duration: TimeSpan.FromSeconds(40), new ByteRange(0, 1000));
        var data = split.Manifest.Parts.First(part => part.Kind == PartKind.Data);
        var (layout, other) = (data.Layout, split.Manifest.Parts[^1].Id);

        var ranges = PlayStart.Of(split.Header, split.Manifest).StoredRanges();

        Assert.That(Covers(data.Id, new(0, layout.StoredSegmentSize)));
        Assert.That(Covers(data.Id, new(100, 100)));
        Assert.That(Covers(data.Id, layout.HashList));
        Assert.That(Covers(data.Id, new(0, layout.StoredLength)), Is.False);
        Assert.That(Covers(data.Id, layout.StoredSegment(layout.SegmentCount - 1)), Is.False);
        Assert.That(Covers(other, new(0, 100)), Is.False);

        bool Covers(PartId part, ByteRange range) => ranges.Any(one => one.Covers(part, range));
    }

    private Task<SplitResult> SplitAsync(string policy, int inlineHead, int length, TimeSpan duration, params ImmutableArray<ByteRange> head)
    {
        _fixture.WriteOriginal(length);
        Assert.That(ProtectionPolicy.TryParse(policy, out var parsed));
        var plan = SplitPlan.Binary("Film") with { HeadExtents = head, Duration = duration };
        var options = new SplitOptions { PartSize = 20 * Segment, InlineHeadLimit = inlineHead, Policy = parsed! };
        return new Splitter(_fixture.Publisher, options).SplitAsync(_fixture.Original, _fixture.Output, plan, null, CancellationToken.None);
    }
}
