using Scdn.Client.Scheduling;
using Scdn.Format;

namespace Scdn.Client.Tests.Scheduling;

internal sealed class PieceSizesTests
{
    [TestCase(2_500_000, 100, 0, 0, 2, TestName = "One and a half bandwidth-delay products over five sockets after a jump")]
    [TestCase(2_500_000, 100, 0, 2_500_000, 3, TestName = "More when a reader has read on for a second")]
    [TestCase(2_500_000, 100, 0, 50_000_000, 7, TestName = "Eight products at the most")]
    [TestCase(2_500_000, 100, 1_000_000_000, 0, 7, TestName = "Eight products, too, when much is ahead")]
    [TestCase(250_000_000, 100, 0, 1_000_000_000, 64, TestName = "No more than four mebibytes on any line")]
    [TestCase(0, 0, 0, 0, 1, TestName = "One segment when nothing was measured")]
    public void Cuts_read_ahead_by_what_is_in_flight_and_how_long_it_was_read_on(double rate, int roundTrip, long ahead, long read, int segments)
    {
        Assert.That(PieceSizes.ReadAhead(rate, TimeSpan.FromMilliseconds(roundTrip), 5, ahead, read, left: long.MaxValue), Is.EqualTo(segments));
    }

    [TestCase(100 * PartLayout.SegmentSize, 7)]
    [TestCase(20 * PartLayout.SegmentSize, 4)]
    [TestCase(1, 1)]
    public void Cuts_smaller_pieces_towards_the_end(long left, int segments) =>
        Assert.That(PieceSizes.ReadAhead(2_500_000, TimeSpan.FromMilliseconds(100), 5, ahead: 0, read: 50_000_000, left), Is.EqualTo(segments));

    [TestCase(1, 1, 4)]
    [TestCase(5, 1, 2)]
    [TestCase(9, 1, 1)]
    [TestCase(10, 1, 1)]
    [TestCase(11, 2, 1)]
    [TestCase(50, 5, 1)]
    [TestCase(1000, 8, 1)]
    public void Shares_the_head_among_all_connections(int missing, int segments, int ways) =>
        Assert.That(PieceSizes.Head(missing, connections: 10, ways: 4), Is.EqualTo((segments, ways)));
}
