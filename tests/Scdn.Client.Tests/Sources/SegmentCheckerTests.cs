using Scdn.Client.Sources;
using Scdn.Format;

namespace Scdn.Client.Tests.Sources;

[CancelAfter(60_000)]
internal sealed class SegmentCheckerTests
{
    [Test]
    public async Task Keeps_only_the_lists_of_hashes_that_were_used_last(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(500_000, policy: "none", partSize: PartLayout.SegmentSize, head: []);
        var parts = content.Manifest.Parts;
        var checker = new SegmentChecker(new(content.Manifest.Parts), content.Header, null, mostListBytes: 3 * PartLayout.HashSize);
        foreach (var part in parts[..3]) await LearnAsync(part);
        Assert.That(checker.IsReady(parts[0]));

        await LearnAsync(parts[3]);

        Assert.That(parts[..4].Select(checker.IsReady), Is.EqualTo(new[] { true, false, true, true }));

        async Task LearnAsync(ManifestPart part)
        {
            var file = await File.ReadAllBytesAsync(Path.Combine(content.PartFolder, part.Id.ToString()), cancel);
            Assert.That(checker.TryLearn(part, file.AsMemory((int)part.Layout.HashList.Offset)));
        }
    }
}
