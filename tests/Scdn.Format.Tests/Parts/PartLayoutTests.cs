namespace Scdn.Format.Tests;

public sealed class PartLayoutTests
{
    [TestCase(1, false, 1, 33)]
    [TestCase(1, true, 1, 49)]
    [TestCase(65536, true, 1, 65584)]
    [TestCase(65537, true, 2, 65537 + 96)]
    [TestCase(65537, false, 2, 65537 + 64)]
    [TestCase(1 << 30, true, 16384, (1 << 30) + (16384 * 48))]
    public void Knows_its_lengths(long plain, bool encrypted, int segments, long stored)
    {
        var layout = new PartLayout(plain, encrypted);

        Assert.That((layout.SegmentCount, layout.StoredLength), Is.EqualTo((segments, stored)));
        Assert.That(layout.StoredSegment(segments - 1).End, Is.EqualTo(layout.HashList.Offset));
        Assert.That(layout.HashList.End, Is.EqualTo(stored));
    }

    [Test]
    public void Comes_back_from_the_stored_length([Values] bool encrypted)
    {
        foreach (var plain in Enumerable.Range(1, 300).Concat(Enumerable.Range(65536 - 60, 120)).Concat(Enumerable.Range((3 * 65536) - 60, 120)).Select(value => (long)value).Append(1L << 30))
        {
            var layout = new PartLayout(plain, encrypted);
            Assert.That(PartLayout.TryFromStoredLength(layout.StoredLength, encrypted, out var found) && found == layout, $"{plain} bytes");
        }
    }

    [Test]
    public void Accepts_a_stored_length_only_when_some_part_has_it([Values] bool encrypted)
    {
        var possible = Enumerable.Range(1, 2 * 65536).Select(plain => new PartLayout(plain, encrypted).StoredLength).ToHashSet();

        var wrong = Enumerable.Range(0, 2 * 65536).Where(stored => PartLayout.TryFromStoredLength(stored, encrypted, out _) != possible.Contains(stored));

        Assert.That(wrong, Is.Empty);
    }

    [TestCase(-1)]
    [TestCase(long.MinValue)]
    [TestCase(long.MaxValue)]
    [TestCase((1L << 30) + (16384 * 48) + 1)]
    public void Refuses_absurd_lengths(long stored) => Assert.That(PartLayout.TryFromStoredLength(stored, true, out _), Is.False);
}
