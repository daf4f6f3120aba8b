using Scdn.Format;
using Scdn.Host.Roles.ContentServer;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.ContentServer;

[TestFixture]
internal sealed class RefusedRequestsTests
{
    [Test]
    public void Become_one_record_a_minute_for_each_status()
    {
        var (time, server) = (new FakeTime(), ServerId.New());
        var refused = new RefusedRequests(time);
        foreach (var status in (int[])[401, 403, 401, 401]) refused.Add(server, status);
        time.Advance(TimeSpan.FromSeconds(59));
        var early = refused.Take(all: false);
        time.Advance(TimeSpan.FromSeconds(1));
        var taken = refused.Take(all: false);

        Assert.That((early.Count, refused.Take(all: true).Count), Is.EqualTo((0, 0)));
        Assert.That(taken.Select(record => (record.Server, record.Key, record.Status, record.Requests)), Is.EquivalentTo(new[] { (server, default(KeyId?), 401, 3), (server, default(KeyId?), 403, 1) }));
    }
}
