using Scdn.Format.Wire;
using Scdn.Host.Data;

namespace Scdn.Host.Tests.Data;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class AuditLogTests(Engine engine) : StoreFixture(engine)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private IAuditLog Log => Process.Audit;

    [Test]
    public async Task Tells_an_act_with_what_came_of_it_and_one_that_was_cut_short_without(CancellationToken cancel)
    {
        var (done, cut) = (Entry(0), Entry(1));
        await Log.BeginAsync(done, cancel);
        await Log.BeginAsync(cut, cancel);
        await Log.EndAsync(done.Id, 204, "user 'x'; DROP TABLE audit", cancel);

        Assert.That(await Log.ListAsync(null, 10, cancel), Is.EqualTo([cut, done with { Status = 204, Subject = "user 'x'; DROP TABLE audit" }]));
    }

    [Test]
    public async Task Tells_a_page_at_a_time_the_newest_first(CancellationToken cancel)
    {
        AuditEntry[] entries = [.. Enumerable.Range(0, 5).Select(Entry)];
        foreach (var entry in entries) await Log.BeginAsync(entry, cancel);
        var first = await Log.ListAsync(null, 2, cancel);
        var second = await Log.ListAsync(first[^1].Id, 10, cancel);

        Assert.That(first.Concat(second), Is.EqualTo(entries.Reverse()));
    }

    private static AuditEntry Entry(int second) => new(Guid.CreateVersion7(Now.AddSeconds(second)), Now.AddSeconds(second), "ann", $"DELETE /v1/admin/users/{second}");
}
