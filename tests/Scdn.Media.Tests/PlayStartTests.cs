using Scdn.Format;
using Scdn.Media.Samples;
using Scdn.Media.Tools;
using Scdn.Media.Verifying;
using Scdn.Testing;

namespace Scdn.Media.Tests;

[CancelAfter(120_000)]
internal sealed class PlayStartTests
{
    [Test]
    public async Task Holds_all_that_the_first_frames_of_any_container_take([Values] SampleKind kind)
    {
        using var folder = new TempFolder();
        using var publisher = PublisherKey.Generate();
        var (path, tools) = (await TestMedia.GetAsync(kind), FFmpegTools.Find());
        var plan = (await new MediaPlanner(tools).PlanAsync(path, MediaFormat.Auto, null, CancellationToken.None)).Plan!;
        var split = await new Splitter(publisher, new()).SplitAsync(path, folder["parts"], plan, null, CancellationToken.None);
        using var key = split.Key;

        var start = PlayStart.Of(split.Header, split.Manifest);

        await using var file = File.OpenRead(path);
        using var verifier = new PlayVerifier(tools, file, [.. RangesOf(start, split.Manifest)]);
        var proof = await verifier.StartAsync(CancellationToken.None);
        Assert.That(proof.Holds, $"{proof}");
        Assert.That(start.Runs.Sum(run => (long)run.Count * PartLayout.SegmentSize), Is.LessThanOrEqualTo(PlayStart.MostBytes));
    }

    // What of the original lies in these segments, and in those that come with the header.
    private static IEnumerable<ByteRange> RangesOf(PlayStart start, Manifest manifest)
    {
        var map = new SegmentMap(manifest.Parts);
        var inline = map.InlineCount(manifest.InlineHead.Length);
        for (var position = 0L; position < map.Length;)
        {
            var run = map.Locate(position);
            var (part, within) = (map.Part(map.PartOf(run.Segment)).Id, map.WithinPart(run.Segment));
            if (run.Segment < inline || start.Runs.Any(one => one.Part == part && within >= one.First && within < one.First + one.Count)) yield return new(position, run.Length);
            position += run.Length;
        }
    }
}
