using Scdn.Format;
using Scdn.Grains.Replicas;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Tests.Replicas;

[TestFixture]
internal sealed class ReplicaGrainTests
{
    private static readonly ServerId Server = ServerId.New();
    private static readonly ContentId Content = ContentId.New();
    private static readonly ReplicaState Second = Order(null, 2).Granted();

    [Test]
    public void Wants_the_version_that_was_ordered() => Assert.That((Second.Wanted, Second.Held), Is.EqualTo((2, 0)));

    [Test]
    public void Wants_a_higher_version() => Assert.That(Order(Second, 3).Granted().HeaderHash, Is.EqualTo(new byte[] { 3 }));

    [TestCase(1)]
    [TestCase(2)]
    public void Ignores_an_order_that_comes_late(int version) => Assert.That(Order(Second, version).IsNone(), Is.True);

    [Test]
    public void Can_be_ordered_again_after_it_was_dropped()
    {
        var dropped = ReplicaGrain.Drop(Second).Granted();

        Assert.That(dropped.Wanted, Is.Zero);
        Assert.That(ReplicaGrain.Drop(dropped).IsNone(), Is.True);
        Assert.That(Order(dropped, 2).Granted().Wanted, Is.EqualTo(2));
    }

    [Test]
    public void Serves_while_the_wanted_version_is_held()
    {
        var held = ReplicaGrain.Report(Second, 2).Granted();

        Assert.That(ReplicaGrain.Serves(Second), Is.False);
        Assert.That(ReplicaGrain.Serves(held), Is.True);
        Assert.That(ReplicaGrain.Serves(Order(held, 3).Granted()), Is.False);
        Assert.That(ReplicaGrain.Serves(ReplicaGrain.Drop(held).Granted()), Is.False);
    }

    [Test]
    public void Serves_no_longer_when_the_server_lost_it()
    {
        var lost = ReplicaGrain.Report(ReplicaGrain.Report(Second, 2).Granted(), 0).Granted();

        Assert.That(ReplicaGrain.Serves(lost), Is.False);
    }

    [Test]
    public void Serves_nothing_when_nothing_is_wanted_and_nothing_held() =>
        Assert.That(ReplicaGrain.Serves(ReplicaGrain.Drop(Second).Granted()), Is.False);

    [TestCase(2, 1, 1)]
    [TestCase(2, 2, 2)]
    [TestCase(0, 1, 0)]
    [TestCase(1, 2, 0)]
    public void Viewers_are_sent_there_for_what_is_held_up_to_what_is_wanted(int wanted, int held, int served) =>
        Assert.That(ReplicaGrain.ServedVersion(new ReplicaState(Server, Content, wanted, [1], held)), Is.EqualTo(served));

    [Test]
    public void Is_reported_once()
    {
        var held = ReplicaGrain.Report(Second, 2).Granted();

        Assert.That(ReplicaGrain.Report(held, 2).IsNone(), Is.True);
    }

    [Test]
    public void Serves_the_versions_before_that_the_server_still_has_until_nothing_is_wanted()
    {
        var held = ReplicaGrain.Report(Order(Second, 3).Granted(), 3, [1, 2]).Granted();

        Assert.That(Enumerable.Range(0, 5).Where(version => ReplicaGrain.ServesVersion(held, version)), Is.EqualTo([1, 2, 3]));
        Assert.That(ReplicaGrain.Report(held, 3, [1, 2]).IsNone(), Is.True);
        Assert.That(ReplicaGrain.ServesVersion(ReplicaGrain.Report(held, 3, [2]).Granted(), 1), Is.False);
        Assert.That(ReplicaGrain.ServesVersion(ReplicaGrain.Drop(held).Granted(), 2), Is.False);
    }

    [Test]
    public void Is_refused_versions_before_that_are_none()
    {
        Assert.That(ReplicaGrain.Report(Second, 2, [2]).Refused(), Is.EqualTo(RefusalKind.Invalid));
        Assert.That(ReplicaGrain.Report(Second, 2, [0]).Refused(), Is.EqualTo(RefusalKind.Invalid));
        Assert.That(ReplicaGrain.Report(Second, 2000, [.. Enumerable.Range(1, ReplicaGrain.MaxBefore + 1)]).Refused(), Is.EqualTo(RefusalKind.Invalid));
    }

    [Test]
    public void Is_refused_a_report_that_cannot_be()
    {
        Assert.That(ReplicaGrain.Report(Second, -1).Refused(), Is.EqualTo(RefusalKind.Invalid));
        Assert.That(ReplicaGrain.Report(null, 1).Refused(), Is.EqualTo(RefusalKind.NotFound));
        Assert.That(ReplicaGrain.Drop(null).Refused(), Is.EqualTo(RefusalKind.NotFound));
    }

    private static Change<ReplicaState> Order(ReplicaState? state, int version) =>
        ReplicaGrain.Order(state, Server, Content, version, [(byte)version]);
}
