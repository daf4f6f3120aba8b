using System.Collections.Immutable;

namespace Scdn.Format.Tests;

public sealed class ManifestRulesTests
{
    private static readonly PartId First = new(Guid.Parse("11111111-1111-4111-8111-111111111111"));
    private static readonly PartId Second = new(Guid.Parse("22222222-2222-4222-8222-222222222222"));

    public static Manifest Empty { get; } = new()
    {
        Title = "t",
        MediaType = "video/mp4",
        Container = "mov",
        Length = 0,
        Sha256 = [.. new byte[32]],
        Parts = [],
    };

    private static Manifest Whole { get; } = Empty with
    {
        Length = 100,
        Parts = [new(First, PartKind.Head, false, [new(60, 10), new(0, 10)]), new(Second, PartKind.Data, false, [new(10, 50), new(70, 30)])],
    };

    public static IEnumerable<TestCaseData> Broken()
    {
        yield return Case(1, "its title", Whole with { Title = "" });
        yield return Case(2, "its title", Whole with { Title = "a\u001b[2Jb" });
        yield return Case(3, "its title", Whole with { Title = new string('x', 1025) });
        yield return Case(4, "its media type", Whole with { MediaType = "video mp4" });
        yield return Case(5, "its container", Whole with { Container = "möv" });
        yield return Case(6, "not equally long", Whole with { Parts = [Whole.Parts[0]] });
        yield return Case(7, "named twice", Whole with { Parts = [Whole.Parts[0], Whole.Parts[0]] });
        yield return Case(8, "after a data part", Whole with { Parts = [Whole.Parts[1], Whole.Parts[0]] });
        yield return Case(9, "encrypted and not", Whole with { Parts = [Whole.Parts[0] with { Encrypted = true }, Whole.Parts[1]] });
        yield return Case(10, "another length", Data(new(10, 50), new(70, 29)));
        yield return Case(11, "not in the original's order", Data(new(70, 30), new(10, 50)));
        yield return Case(12, "carries byte 60 ", Head(new(61, 10), new(0, 10)));
        yield return Case(13, "two parts carry byte 59 ", Head(new(59, 10), new(0, 10)));
        yield return Case(14, "two parts carry byte 0 ", Head(new(0, 10), new(0, 10)));
        yield return Case(15, "is empty", Head(new(60, 10), new(0, 0), new(0, 10)));
        yield return Case(16, "no part carries byte 100 ", Whole with { Length = 101 });
        yield return Case(17, "more than the original", Whole with { Length = 99 });
        yield return Case(18, "whole head parts", Whole with { InlineHead = [.. new byte[19]] });
        yield return Case(19, "whole head parts", Whole with { InlineHead = [.. new byte[100]] });
        yield return Case(20, "a key frame lies outside", Whole with { KeyFrames = [new(TimeSpan.Zero, 100)] });
        yield return Case(21, "what a key frame needs", Whole with { KeyFrames = [new(TimeSpan.Zero, 0, [new(90, 11)])] });
        yield return Case(22, "what a key frame needs", Whole with { KeyFrames = [new(TimeSpan.Zero, 0, [new(90, 0)])] });
        yield return Case(23, "no key frame where one could begin", Whole with { View = new(0) });
        yield return Case(24, "begin with more than the original", Whole with { KeyFrames = [new(TimeSpan.Zero, 0)], View = new(101) });
        yield return Case(25, "its note", Whole with { Note = "a\nb" });
        yield return Case(26, "its note", Whole with { Note = "" });
    }

    [Test]
    public void The_reader_makes_no_room_for_a_million_extents_and_more()
    {
        var extents = Enumerable.Range(0, (1 << 20) + 1).Select(index => new ByteRange(index, 1)).ToImmutableArray();
        var parts = new[] { Public(First, extents.Length) };
        var many = Empty with { Length = extents.Length, Parts = [new(First, PartKind.Data, false, extents)] };
        var header = RawHeader.WithManifest(writer => writer.Bytes(ManifestCodec.Write(many, [.. parts])), parts);

        Assert.That(() => header.Open(null), Throws.TypeOf<HeaderException>().With.Message.Contains("1048577 ranges"));
        using var publisher = PublisherKey.Generate();
        Assert.That(() => HeaderWriter.Write(ContentId.New(), 1, many, parts, null, publisher), Throws.ArgumentException.With.Message.Contains("extents"));
    }

    /// <summary>Broken so that no bytes could say it.</summary>
    public static IEnumerable<TestCaseData> Unwritable()
    {
        yield return Case(31, "its playing time", Whole with { Duration = TimeSpan.FromTicks(-1) });
        yield return Case(32, "hash", Whole with { Sha256 = [] });
        yield return Case(33, "not in public", Whole with { Parts = [Whole.Parts[0], Whole.Parts[1] with { Id = PartId.New() }] });
        yield return Case(34, "out of order", Whole with { KeyFrames = [new(TimeSpan.FromSeconds(2), 1), new(TimeSpan.FromSeconds(1), 2)] });
    }

    [Test]
    public void A_whole_manifest_comes_back_as_it_was_written()
    {
        var manifest = Whole with
        {
            Duration = TimeSpan.FromTicks(long.MaxValue),
            KeyFrames = [new(TimeSpan.Zero, 99, [new(99, 1), new(0, 99)]), new(TimeSpan.Zero, 0), new(TimeSpan.FromTicks(long.MaxValue), 50, [new(0, 100)])],
            View = new(100),
            Note = "Größer ☀",
            InlineHead = [.. Enumerable.Range(0, 20).Select(index => (byte)index)],
        };

        var read = RawHeader.WithManifest(writer => writer.Bytes(ManifestCodec.Write(manifest, [.. PublicParts])), PublicParts).Open(null);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.Duration, Is.EqualTo(manifest.Duration));
            Assert.That(read.KeyFrames, Is.EqualTo(manifest.KeyFrames));
            Assert.That(read.InlineHead, Is.EqualTo(manifest.InlineHead));
            Assert.That((read.View, read.Note), Is.EqualTo((manifest.View, manifest.Note)));
            Assert.That(read.Parts.Select(part => (part.Id, part.Kind, string.Join(' ', part.Extents))), Is.EqualTo(manifest.Parts.Select(part => (part.Id, part.Kind, string.Join(' ', part.Extents)))));
        }
    }

    [TestCaseSource(nameof(Broken))]
    public void The_reader_refuses_a_manifest_that_breaks_a_rule(string why, Manifest manifest)
    {
        var header = RawHeader.WithManifest(writer => writer.Bytes(ManifestCodec.Write(manifest, [.. PublicParts])), PublicParts);

        var fault = Assert.Throws<HeaderException>(() => header.Open(null));

        Assert.That(fault!.Reason, Is.EqualTo(HeaderFault.Damaged));
        Assert.That(fault.Message, Does.Contain(why));
    }

    [TestCaseSource(nameof(Broken))]
    [TestCaseSource(nameof(Unwritable))]
    public void The_writer_refuses_a_manifest_that_breaks_a_rule(string why, Manifest manifest)
    {
        using var publisher = PublisherKey.Generate();

        Assert.That(() => HeaderWriter.Write(ContentId.New(), 1, manifest, PublicParts, null, publisher), Throws.ArgumentException.With.Message.Contains(why));
    }

    private static PublicPart[] PublicParts { get; } = [Public(First, 20), Public(Second, 80)];

    private static PublicPart Public(PartId id, long length) => new(id, new PartLayout(length, false).StoredLength, false, [.. new byte[32]]);

    private static Manifest Head(params ByteRange[] extents) =>
        Whole with { Parts = [new(First, PartKind.Head, false, extents.ToImmutableArray()), Whole.Parts[1]] };

    private static Manifest Data(params ByteRange[] extents) =>
        Whole with { Parts = [Whole.Parts[0], new(Second, PartKind.Data, false, extents.ToImmutableArray())] };

    private static TestCaseData Case(int number, string why, Manifest manifest) => new TestCaseData(why, manifest).SetArgDisplayNames($"{number}: {why}");
}
