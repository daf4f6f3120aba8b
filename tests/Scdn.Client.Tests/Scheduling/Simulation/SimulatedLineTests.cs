using Scdn.Client.Scheduling;

namespace Scdn.Client.Tests.Scheduling.Simulation;

/// <summary>What the scheduler makes of lines, without a network: 100 ms there and back, 20 Mbit/s from each server. The lab measures the same on real connections.</summary>
internal sealed class SimulatedLineTests
{
    private const double BytesPerSecond = 20e6 / 8;
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    [TestCase(1, 30_000_000, 0.85)]
    [TestCase(3, 30_000_000, 0.78)]
    [TestCase(1, 150_000_000, 0.9)]
    [TestCase(3, 150_000_000, 0.92)]
    public void Uses_what_the_lines_can_carry(int servers, long length, double share)
    {
        var viewer = Begin(servers, length);

        var took = viewer.RunUntil(() => viewer.IsAtEnd);

        var most = servers * BytesPerSecond * SimulatedLine.Payload / SimulatedLine.PacketBytes;
        Assert.That(length / took.TotalSeconds / most, Is.GreaterThan(share));
    }

    [TestCase(1, double.PositiveInfinity, 500_000, 0.65)]
    [TestCase(3, double.PositiveInfinity, 500_000, 0.65)]
    [TestCase(1, double.PositiveInfinity, 1_300_000, 1.05)]
    [TestCase(1, 750_000, 1_300_000, 1.05)]
    [TestCase(3, 750_000, 1_300_000, 0.75)]
    public void Is_soon_elsewhere_while_all_lines_are_busy(int servers, double enough, int needed, double seconds)
    {
        var took = new List<TimeSpan>();
        foreach (var milliseconds in new[] { 60, 80, 100, 130, 200 })
        {
            foreach (var read in new[] { 5_000_000, 9_000_000, 10_000_000, 14_000_000 })
            {
                var viewer = Connected(servers, 150_000_000, UrgentWays.Ahead(place: 0, least: 5, most: 24, servers), enough, TimeSpan.FromMilliseconds(milliseconds));
                viewer.Start();
                viewer.RunUntil(() => viewer.Read > read);
                viewer.Jump(90_000_000);
                took.Add(viewer.RunUntil(() => viewer.Read >= 90_000_000 + needed));
            }
        }

        // On the mean of what differs a little: one loss more or less is a round trip. A new connection to a server that has nothing else to do takes six of them for half a megabyte.
        Assert.That(took.Average(each => each.TotalSeconds), Is.LessThan(seconds));
    }

    [Test]
    public void Is_sooner_elsewhere_when_more_came_than_is_played()
    {
        var viewer = Begin(servers: 1, 150_000_000, enough: 750_000);
        viewer.RunUntil(() => viewer.Read > 10_000_000);

        viewer.Jump(90_000_000);
        var took = viewer.RunUntil(() => viewer.Read >= 90_500_000);

        // 0.61 s when nobody heeds the queue that it made itself.
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(0.55)));
    }

    [TestCase(1)]
    [TestCase(3)]
    public void Begins_elsewhere_as_soon_as_the_line_can_bring_what_is_needed(int servers)
    {
        var viewer = Connected(servers, 150_000_000, UrgentWays.Connections(least: 5, most: 24, servers));

        viewer.StartAt(90_000_000, 900_000);
        var took = viewer.RunUntil(() => viewer.Read >= 90_900_000);

        // What they and the head take at the lines' rate, a round trip to ask, and two in which the lines become full.
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(1_050_000 / BytesPerSecond / servers) + (RoundTrip * 3)));
    }

    [Test]
    public void Fetches_nothing_twice_although_slow_connections_are_given_up()
    {
        var viewer = Begin(3, 150_000_000);

        viewer.RunUntil(() => viewer.IsAtEnd);

        Assert.That(viewer.GivenUp, Is.GreaterThan(0));
        Assert.That(viewer.Received, Is.LessThan(150_000_000 * 1.005));
    }

    private static SimulatedViewer Begin(int servers, long length, double enough = double.PositiveInfinity)
    {
        var viewer = Connected(servers, length, connections: 6, enough);
        viewer.Start();
        return viewer;
    }

    private static SimulatedViewer Connected(int servers, long length, int connections, double enough = double.PositiveInfinity, TimeSpan? roundTrip = null)
    {
        var time = new SimulatedTime();
        var lines = Enumerable.Range(0, servers).Select(_ => new SimulatedLine(time, BytesPerSecond, roundTrip ?? RoundTrip, queueBytes: 256 * 1024)).ToList();
        var viewer = new SimulatedViewer(time, lines, length, connections, enough);
        viewer.RunUntil(() => viewer.IsConnected);
        return viewer;
    }
}
