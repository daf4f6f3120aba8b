using Scdn.Client.Scheduling;

namespace Scdn.Client.Tests.Scheduling;

internal sealed class UrgentWaysTests
{
    [TestCase(1, new[] { 15 })]
    [TestCase(2, new[] { 12, 12 })]
    [TestCase(3, new[] { 8, 8, 8 })]
    [TestCase(7, new[] { 4, 4, 4, 4, 4, 1, 1 })]
    public void Has_all_connections_ready_that_a_segment_is_cut_over(int servers, int[] each) =>
        Assert.That(Enumerable.Range(0, servers).Select(place => UrgentWays.Ahead(place, least: 5, most: 24, servers)), Is.EqualTo(each));

    [TestCase(1, 1, 1)]
    [TestCase(5, 5, 5)]
    [TestCase(5, 1, 5)]
    public void Makes_no_more_than_are_allowed(int least, int most, int each) =>
        Assert.That(UrgentWays.Ahead(0, least, most, servers: 1), Is.EqualTo(each));
}
