namespace Scdn.Format.Tests;

public sealed class ContentMapTests
{
    private static readonly Manifest Whole = ManifestRulesTests.Empty with
    {
        Length = 100,
        Parts =
        [
            new(PartId.New(), PartKind.Head, false, [new(60, 10), new(0, 10)]),
            new(PartId.New(), PartKind.Data, false, [new(10, 50), new(70, 30)]),
        ],
    };

    [TestCase(0, 0, 10, 10)]
    [TestCase(9, 0, 19, 1)]
    [TestCase(10, 1, 0, 50)]
    [TestCase(60, 0, 0, 10)]
    [TestCase(69, 0, 9, 1)]
    [TestCase(75, 1, 55, 25)]
    [TestCase(99, 1, 79, 1)]
    public void Finds_the_part_that_carries_a_byte(long offset, int part, long partOffset, long length) =>
        Assert.That(new ContentMap(Whole).Locate(offset), Is.EqualTo(new ContentPiece(part, partOffset, new(offset, length))));

    [TestCase(-1)]
    [TestCase(100)]
    public void Refuses_a_byte_that_is_not_there(long offset) =>
        Assert.That(() => new ContentMap(Whole).Locate(offset), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Gives_the_pieces_of_every_range()
    {
        var map = new ContentMap(Whole);
        for (var start = 0; start <= 100; start++)
        {
            for (var length = 0; length <= 110; length++)
            {
                var bytes = map.Pieces(new(start, length)).SelectMany(piece => Enumerable.Range(0, (int)piece.Original.Length).Select(index => piece.Original.Offset + index));
                Assert.That(bytes, Is.EqualTo(Enumerable.Range(start, Math.Min(length, 100 - start)).Select(value => (long)value)));
            }
        }
    }

    [Test]
    public void A_content_of_no_bytes_has_no_pieces() => Assert.That(new ContentMap(ManifestRulesTests.Empty).Pieces(new(0, 10)), Is.Empty);
}
