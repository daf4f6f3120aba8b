using Scdn.Format.Wire;
using Scdn.Host.Roles.IpMaster;

namespace Scdn.Host.Tests.Roles.IpMaster;

internal sealed class RankingTests
{
    private static readonly ServerLoad Idle = new(0, 10, 0, 0, 1_500_000, 1_000_000, 50);

    [Test]
    public void Names_the_least_loaded_first()
    {
        ServerLoad[] loads = [Idle with { CpuPercent = 95 }, Idle, Idle with { RateBytesPerSecond = 900_000 }, Idle with { Sessions = 400 }];
        Assert.That(Order(loads, seed: 1), Is.EqualTo([loads[1], loads[3], loads[2], loads[0]]));
    }

    [Test]
    public void Judges_bandwidth_by_the_servers_own_cap()
    {
        var small = Idle with { RateBytesPerSecond = 900_000, MaxRateBytesPerSecond = 1_000_000 };
        var large = Idle with { RateBytesPerSecond = 900_000, MaxRateBytesPerSecond = 10_000_000 };
        Assert.That(Ranking.Score(small), Is.GreaterThan(Ranking.Score(large)));
    }

    [Test]
    public void Puts_a_server_with_a_full_disk_behind_the_others() => Assert.That(Ranking.Score(Idle with { DiskPercent = 99 }), Is.GreaterThan(Ranking.Score(Idle) + 0.4));

    [Test]
    public void Spreads_viewers_among_servers_that_are_nearly_equal()
    {
        ServerLoad[] loads = [Idle, Idle with { CpuPercent = 3 }, Idle with { CpuPercent = 6 }];
        var first = Enumerable.Range(0, 100).Select(seed => Order(loads, seed)[0]).Distinct();
        Assert.That(first, Is.EquivalentTo(loads));
    }

    private static ServerLoad[] Order(ServerLoad[] loads, int seed) => [.. Ranking.Order(loads, load => load, new Random(seed))];
}
