using Scdn.Client.Scheduling;

namespace Scdn.Client.Tests.Scheduling;

internal sealed class SocketCountTests
{
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(20);

    private TimeSpan _now;

    [TestCase(1, 24, 5)]
    [TestCase(2, 24, 15)]
    [TestCase(3, 24, 22)]
    [TestCase(9, 40, 29)]
    [TestCase(3, 5, 5)]
    public void Begins_with_as_many_for_each_of_several_servers_and_one_to_spare(int servers, int most, int sockets) =>
        Assert.That(new SocketCount(5, most) { Servers = servers }.Current, Is.EqualTo(sockets));

    [Test]
    public void Grows_from_what_several_servers_began_with()
    {
        var count = new SocketCount(5, 24) { Servers = 3 };
        Run(count, 10, sockets => sockets * 100_000);
        Assert.That(count.Current, Is.EqualTo(24));
    }

    [Test]
    public void Has_fewer_again_when_servers_are_gone()
    {
        var count = new SocketCount(5, 24) { Servers = 3 };
        count.Servers = 1;
        Assert.That(count.Current, Is.EqualTo(5));
    }

    [Test]
    public void Grows_while_further_sockets_bring_as_much_as_those_before()
    {
        var count = new SocketCount(5, 16);
        Run(count, 10, sockets => sockets * 100_000);
        Assert.That(count.Current, Is.EqualTo(16));
    }

    [Test]
    public void Goes_back_when_they_bring_nothing()
    {
        var count = new SocketCount(5, 16);
        List<int> seen = [];
        Run(count, 10, sockets =>
        {
            seen.Add(sockets);
            return 2_500_000;
        });
        Assert.That((count.Current, seen.Max()), Is.EqualTo((5, 7)));
    }

    [Test]
    public void Tries_again_after_a_while()
    {
        var count = new SocketCount(5, 16);
        Run(count, 10, _ => 2_500_000);
        Run(count, 20, sockets => sockets * 500_000);
        Assert.That(count.Current, Is.GreaterThan(5));
    }

    [Test]
    public void Does_not_grow_while_sockets_have_nothing_to_do()
    {
        var count = new SocketCount(5, 16);
        Run(count, 30, sockets => sockets * 100_000, busy: false);
        Assert.That(count.Current, Is.EqualTo(5));
    }

    [Test]
    public void Stays_where_it_is_when_there_may_be_no_more()
    {
        var count = new SocketCount(3, 3);
        Run(count, 30, sockets => sockets * 100_000);
        Assert.That(count.Current, Is.EqualTo(3));
    }

    private void Run(SocketCount count, int seconds, Func<int, int> bytesPerSecond, bool busy = true)
    {
        for (var tick = 0; tick < seconds * 20; tick++)
        {
            _now += TimeSpan.FromMilliseconds(50);
            count.Received(bytesPerSecond(count.Current) / 20);
            count.Tick(_now, busy, Way);
        }
    }
}
