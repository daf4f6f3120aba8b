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

    [TestCase(1, 30, 3)]
    [TestCase(1, 2, 3)]
    [TestCase(2, 30, 2)]
    [TestCase(3, 30, 1)]
    [TestCase(3, 8, 2)]
    [TestCase(3, 3, 4)]
    public void Shares_few_segments_among_all_connections_and_takes_many_in_turn(int servers, int segments, int ways) =>
        Assert.That(UrgentWays.InTurn(least: 5, most: 24, servers, segments), Is.EqualTo(ways));
}
