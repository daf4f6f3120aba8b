using Scdn.Client.Scheduling;

namespace Scdn.Client.Tests.Scheduling;

internal sealed class HeadPiecesTests
{
    [TestCase(1, 1, 4)]
    [TestCase(5, 1, 2)]
    [TestCase(9, 1, 1)]
    [TestCase(10, 1, 1)]
    [TestCase(11, 2, 1)]
    [TestCase(50, 5, 1)]
    [TestCase(1000, 8, 1)]
    public void Shares_the_head_among_all_connections(int missing, int segments, int ways) =>
        Assert.That(HeadPieces.Of(missing, connections: 10, ways: 4), Is.EqualTo((segments, ways)));
}
