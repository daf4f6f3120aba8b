namespace Scdn.Format.Tests.Sources;

internal sealed class SeekViewTests
{
    private static readonly SeekView View = new(10);

    [TestCase(60, 50)]
    [TestCase(99, 11)]
    [TestCase(4, 100)]
    public void Is_the_lead_and_what_follows_its_start(long start, long length) => Assert.That(View.LengthFrom(start, 100), Is.EqualTo(length));

    [Test]
    public void Shows_every_byte_in_its_order()
    {
        var places = View.Locate(60, new(0, View.LengthFrom(60, 100)));

        Assert.That(places, Is.EqualTo(new ByteRange[] { new(0, 10), new(60, 40) }));
    }

    [Test]
    public void Shows_a_range_that_lies_on_one_side()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(View.Locate(60, new(2, 3)), Is.EqualTo(new ByteRange[] { new(2, 3) }));
            Assert.That(View.Locate(60, new(10, 5)), Is.EqualTo(new ByteRange[] { new(60, 5) }));
            Assert.That(View.Locate(60, new(12, 5)), Is.EqualTo(new ByteRange[] { new(62, 5) }));
        }
    }

    [Test]
    public void Is_the_whole_when_it_starts_inside_its_lead() => Assert.That(View.Locate(4, new(5, 20)), Is.EqualTo(new ByteRange[] { new(5, 5), new(10, 15) }));
}
