using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Feed;
using Scdn.Testing;

namespace Scdn.Host.Tests.Feed;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ServerViewTests
{
    private readonly FakeTime _time = new();
    private readonly ServerView _view;
    private readonly ContentId _content = ContentId.New();

    public ServerViewTests() => _view = new(_time);

    [Test]
    public void Forgets_keys_that_have_expired_also_where_always_something_happens()
    {
        CatchUp();
        var key = KeyId.New();
        _view.Take(new FeedLine(Guid.Empty, null, 1, Key: new(key, _content, _time.GetUtcNow() + TimeSpan.FromSeconds(30), Revoked: false)), first: false);
        _time.Advance(TimeSpan.FromMinutes(1));
        Tell(grainVersion: 1, contentVersion: 1);
        Assert.That(_view.Facts.FindKey(key), Is.Null);
    }

    [Test]
    public void Ignores_a_line_that_is_older_than_what_is_known()
    {
        CatchUp();
        Tell(grainVersion: 5, contentVersion: 2);
        Tell(grainVersion: 4, contentVersion: 1);
        Assert.That(_view.Facts.Replicas.Single().ContentVersion, Is.EqualTo(2));
    }

    [Test]
    public void Knows_what_it_knew_until_a_snapshot_is_whole()
    {
        CatchUp();
        Tell(grainVersion: 1, contentVersion: 1);
        _view.Take(new FeedLine(Guid.Empty, null, Reset: true), first: true);
        var during = _view.Facts.Replicas.Count;
        _view.Take(new FeedLine(Guid.Empty, 1, CaughtUp: true), first: true);
        Assert.That((during, _view.Facts.Replicas.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Forgets_half_a_snapshot_of_a_host_that_has_gone()
    {
        CatchUp();
        _view.Take(new FeedLine(Guid.Empty, null, Reset: true), first: true);
        _view.Abandon();
        Tell(grainVersion: 1, contentVersion: 1);
        Assert.That(_view.Facts.Replicas, Has.Count.EqualTo(1));
    }

    [Test]
    public void Knows_that_it_was_expelled_also_from_half_a_snapshot()
    {
        CatchUp();
        _view.Take(new FeedLine(Guid.Empty, null, Reset: true), first: true);
        _view.Take(new FeedLine(Guid.Empty, null, Expelled: true), first: true);
        _view.Abandon();
        Assert.That(_view.Facts.IsExpelled, Is.True);
    }

    [Test]
    public void Forgets_an_expelled_server_once_it_can_have_no_ticket_any_more()
    {
        CatchUp();
        var other = ServerId.New();
        _view.Take(new FeedLine(Guid.Empty, null, 2, Expulsion: new(other, _time.GetUtcNow() + TimeSpan.FromMinutes(1))), first: false);
        var before = _view.Facts.IsOtherExpelled(other);
        _time.Advance(TimeSpan.FromMinutes(1));
        Tell(grainVersion: 1, contentVersion: 1);
        Assert.That((before, _view.Facts.IsOtherExpelled(other)), Is.EqualTo((true, false)));
    }

    private void CatchUp()
    {
        _view.Take(new FeedLine(Guid.Empty, null, Reset: true), first: true);
        _view.Take(new FeedLine(Guid.Empty, 1, CaughtUp: true), first: true);
    }

    private void Tell(long grainVersion, int contentVersion) =>
        _view.Take(new FeedLine(Guid.Empty, null, grainVersion, Replica: new(_content, contentVersion, [1])), first: false);
}
