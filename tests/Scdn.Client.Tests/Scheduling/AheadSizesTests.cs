using Scdn.Client.Scheduling;
using Scdn.Format;

namespace Scdn.Client.Tests.Scheduling;

internal sealed class AheadSizesTests
{
    private const int Segment = PartLayout.SegmentSize;
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    [TestCase(0, 2.5)]
    [TestCase(500_000, 3.5)]
    [TestCase(1_000_000, 4.5)]
    [TestCase(50_000_000, 8)]
    public void Trusts_a_reader_with_more_the_longer_it_reads_on(long read, double products) => Assert.That(AheadSizes.Products(2_500_000, RoundTrip, read), Is.EqualTo(products));

    [Test]
    public void Trusts_nobody_with_more_before_anything_was_measured() => Assert.That(AheadSizes.Products(0, RoundTrip, 50_000_000), Is.EqualTo(2.5));

    [TestCase(2_500_000, 2.5, 625_000)]
    [TestCase(2_500_000, 8, 2_000_000)]
    [TestCase(100_000, 2.5, 2 * Segment)]
    [TestCase(0, 2.5, 10 * Segment)]
    public void Keeps_a_few_bandwidth_delay_products_on_their_way(double rate, double products, long bytes) => Assert.That(AheadSizes.OnTheWay(rate, RoundTrip, products), Is.EqualTo(bytes));

    [TestCase(40, 0, 1000, 15, 3, 8)]
    [TestCase(40, 38, 1000, 15, 3, 2)]
    [TestCase(40, 0, 30, 15, 3, 2)]
    [TestCase(40, 0, 1, 15, 3, 1)]
    [TestCase(40, 0, 1000, 4, 9, 32)]
    [TestCase(2, 2, 1000, 4, 1, 1)]
    public void Shares_it_among_the_requests_to_a_server_and_cuts_smaller_towards_the_end(int onTheWay, int inFlight, int left, int sockets, int servers, int segments) =>
        Assert.That(AheadSizes.Segments(onTheWay * Segment, inFlight * Segment, left * Segment, sockets, servers), Is.EqualTo(segments));
}
