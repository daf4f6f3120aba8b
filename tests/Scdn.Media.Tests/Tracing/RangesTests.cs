using Scdn.Format;
using Scdn.Media.Tracing;

namespace Scdn.Media.Tests.Tracing;

internal sealed class RangesTests
{
    [Test]
    public void Unites_by_place()
    {
        Assert.That(Ranges.Union([new(50, 10), new(0, 10), new(10, 5), new(55, 2), new(90, 0)]), Is.EqualTo(new ByteRange[] { new(0, 15), new(50, 10) }));
    }

    [Test]
    public void Takes_away_from_the_front_the_middle_and_the_end()
    {
        Assert.That(
            Ranges.Without([new(100, 100), new(0, 10), new(300, 5)], [new(0, 10), new(120, 10), new(190, 50), new(90, 15)]),
            Is.EqualTo(new ByteRange[] { new(105, 15), new(130, 60), new(300, 5) }));
    }

    [Test]
    public void Keeps_what_comes_first()
    {
        Assert.That(Ranges.Prefix([new(100, 50), new(0, 20), new(30, 5)], 60), Is.EqualTo(new ByteRange[] { new(100, 50), new(0, 10) }));
    }

    [Test]
    public void Finds_what_is_common_in_the_order_of_the_first()
    {
        Assert.That(Ranges.Common([new(100, 50), new(0, 20)], [new(10, 100), new(140, 50)]), Is.EqualTo(new ByteRange[] { new(100, 10), new(140, 10), new(10, 10) }));
    }

    [Test]
    public void An_index_is_what_both_seeks_read_and_stopped_reading_at_the_same_place()
    {
        var opening = Run(new ByteRange(0, 1000));
        var near = Run(new(0, 1000), new(9_000_000, 500), new(1_000_000, 5000));
        var far = Run(new(0, 1000), new(9_000_000, 500), new(7_000_000, 5000));
        Assert.That(HeadTracer.Compare(opening, near, far).Seeking, Is.EqualTo(new ByteRange[] { new(9_000_000, 500) }));
    }

    [Test]
    public void What_the_further_seek_reads_on_behind_is_no_index()
    {
        var opening = Run(new ByteRange(0, 1000));
        var near = Run(new ByteRange(0, 3_000_000));
        var far = Run(new ByteRange(0, 6_000_000));
        Assert.That(HeadTracer.Compare(opening, near, far).Seeking, Is.Empty);
    }

    private static TraceRun Run(params ByteRange[] runs) => new(runs, false, true, 1, null);
}
