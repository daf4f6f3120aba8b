using Scdn.Client.Scheduling;

namespace Scdn.Client.Tests.Scheduling;

internal sealed class PieceSizesTests
{
    [TestCase(2_500_000, 100, 1_000_000_000, 16, TestName = "No more than a mebibyte, however calm it is")]
    [TestCase(2_500_000, 100, 0, 2, TestName = "One and a half bandwidth-delay products over five sockets")]
    [TestCase(0, 0, 0, 1, TestName = "One segment when nothing was measured")]
    [TestCase(0, 0, 5_000_000, 4, TestName = "A twentieth of what is ahead")]
    public void Cuts_read_ahead_by_what_is_in_flight_and_what_is_ahead(double rate, int roundTrip, long ahead, int segments)
    {
        Assert.That(PieceSizes.ReadAhead(rate, TimeSpan.FromMilliseconds(roundTrip), 5, ahead), Is.EqualTo(segments));
    }

    [TestCase(3, 1)]
    [TestCase(12, 3)]
    [TestCase(400, 8)]
    public void Shares_the_head_between_the_sockets(int missing, int segments)
    {
        Assert.That(PieceSizes.Head(missing, 5), Is.EqualTo(segments));
    }
}
