using FsCheck;
using FsCheck.Fluent;

namespace Scdn.Format.Tests;

public sealed class PartitionTests
{
    private const long PartSize = 65_536;

    /// <summary>A file's length and what a tracer might say about it, sense or nonsense.</summary>
    public static Arbitrary<(long Length, ByteRange[] Demand)> Cases()
    {
        var place = Gen.Choose(-1000, 1_100_000).Select(value => (long)value);
        var size = Gen.OneOf(Gen.Choose(0, 100), Gen.Choose(0, 200_000)).Select(value => (long)value);
        var range = Gen.Frequency(
            (9, place.SelectMany(_ => size, (offset, length) => new ByteRange(offset, length))),
            (1, place.Select(offset => new ByteRange(offset, long.MaxValue - Math.Max(0, offset)))));
        var length = Gen.OneOf(Gen.Choose(0, 5), Gen.Choose(0, 1_000_000)).Select(value => (long)value);
        return length.SelectMany(_ => range.ArrayOf(), (bytes, demand) => (bytes, demand)).ToArbitrary();
    }

    [FsCheck.NUnit.Property(Arbitrary = new[] { typeof(PartitionTests) }, MaxTest = 500, Replay = "20261122,7")]
    public void Parts_tile_the_file((long Length, ByteRange[] Demand) file)
    {
        long end = 0;
        foreach (var extent in Partition.Make(file.Length, file.Demand, PartSize).SelectMany(part => part.Extents).OrderBy(extent => extent.Offset))
        {
            Assert.That(extent.Offset, Is.EqualTo(end));
            Assert.That(extent.Length, Is.Positive);
            end = extent.End;
        }

        Assert.That(end, Is.EqualTo(file.Length));
    }

    [FsCheck.NUnit.Property(Arbitrary = new[] { typeof(PartitionTests) }, MaxTest = 500, Replay = "20261122,7")]
    public void Only_the_last_part_of_each_kind_is_smaller_than_the_part_size((long Length, ByteRange[] Demand) file)
    {
        foreach (var kind in Partition.Make(file.Length, file.Demand, PartSize).GroupBy(part => part.Kind))
        {
            var lengths = kind.Select(part => part.Extents.Sum(extent => extent.Length)).ToArray();
            Assert.That(lengths[..^1], Is.All.EqualTo(PartSize));
            Assert.That(lengths[^1], Is.InRange(1, PartSize));
        }
    }

    [FsCheck.NUnit.Property(Arbitrary = new[] { typeof(PartitionTests) }, MaxTest = 500, Replay = "20261122,7")]
    public void The_head_holds_all_that_was_asked_for((long Length, ByteRange[] Demand) file)
    {
        var head = Partition.Arrange(file.Length, file.Demand);

        foreach (var asked in file.Demand)
        {
            var start = Math.Max(0, asked.Offset);
            var end = Math.Min(file.Length, asked.End);
            if (start < end) Assert.That(head.Count(range => range.Offset <= start && range.End >= end), Is.EqualTo(1));
        }
    }

    [FsCheck.NUnit.Property(Arbitrary = new[] { typeof(PartitionTests) }, MaxTest = 300, Replay = "20261122,7")]
    public void Batches_tile_their_part_in_its_order((long Length, ByteRange[] Demand) file)
    {
        foreach (var planned in Partition.Make(file.Length, file.Demand, 3 * Batch.PlainSize))
        {
            var part = new ManifestPart(PartId.New(), planned.Kind, false, planned.Extents);
            var batches = Batch.Of(part).ToArray();
            Assert.That(batches[..^1].Select(batch => batch.Plain.Length), Is.All.EqualTo(Batch.PlainSize));
            Assert.That(batches.Select(batch => batch.Plain.Offset), Is.EqualTo(Enumerable.Range(0, batches.Length).Select(index => (long)index * Batch.PlainSize)));
            Assert.That(batches[^1].Plain.End, Is.EqualTo(part.Length));
            Assert.That(batches.SelectMany(batch => batch.Extents).SelectMany(Bytes).Take(5000), Is.EqualTo(part.Extents.SelectMany(Bytes).Take(5000)));
        }
    }

    [Test]
    public void Keeps_the_order_in_which_the_head_is_asked_for() =>
        Assert.That(
            Partition.Arrange(1_000_000, [new(900_000, 10), new(0, 10), new(500_000, 10)]),
            Is.EqualTo(new ByteRange[] { new(900_000, 10), new(0, 10), new(500_000, 10) }));

    [TestCase(4095, 1)]
    [TestCase(4096, 2)]
    public void Joins_what_is_nearly_one(int gap, int ranges) =>
        Assert.That(Partition.Arrange(1_000_000, [new(100 + gap, 50), new(0, 100)]), Has.Length.EqualTo(ranges));

    [Test]
    public void A_head_of_less_than_the_part_size_is_one_part()
    {
        var parts = Partition.Make(1_000_000, [new(900_000, 30_000), new(0, 30_000)], PartSize);

        Assert.That(parts.Count(part => part.Kind == PartKind.Head), Is.EqualTo(1));
        Assert.That(parts[0].Extents, Is.EqualTo(new ByteRange[] { new(900_000, 30_000), new(0, 30_000) }));
    }

    [Test]
    public void A_data_part_goes_on_behind_a_head_range()
    {
        var parts = Partition.Make(200_000, [new(50_000, 10_000)], 100_000);

        Assert.That(parts[1].Extents, Is.EqualTo(new ByteRange[] { new(0, 50_000), new(60_000, 50_000) }));
    }

    private static IEnumerable<long> Bytes(ByteRange range)
    {
        for (var at = range.Offset; at < range.End; at++) yield return at;
    }
}
