using Scdn.Format.Wire;
using Scdn.Grains.Operators;
using Scdn.Host.Roles.Admin;
using Scdn.Host.Tests.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.Admin;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class FailedSignInsTests(Engine engine) : StoreFixture(engine)
{
    private readonly FakeTime _time = new();

    [Test]
    public async Task Are_noted_with_the_account_and_the_address_but_without_a_name_that_is_no_accounts(CancellationToken cancel)
    {
        await Process.Grains.ChangeAsync<OperatorState>(OperatorState.IdOf("ann"), _ => new OperatorState("ann", OperatorRole.Owner, "", default), cancel);
        var failed = new FailedSignIns(Process.Grains, Process.Audit, _time);
        foreach (var name in (string[])["ann", "correct-horse-battery", "a\0b"])
        {
            await failed.NoteAsync(name, "192.0.2.1", cancel);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var acts = await Process.Audit.ListAsync(null, 10, cancel);
        Assert.That(acts.Select(act => act.Subject), Is.EqualTo(new[] { "no operator, from 192.0.2.1", "no operator, from 192.0.2.1", "operator 'ann', from 192.0.2.1" }));
        Assert.That(acts.Select(act => (act.Operator, act.Act, act.Status)), Is.All.EqualTo(("nobody", "POST /v1/admin/sign-in", 401)));
    }

    [Test]
    public async Task Are_counted_when_there_are_too_many_to_be_noted(CancellationToken cancel)
    {
        var failed = new FailedSignIns(Process.Grains, Process.Audit, _time);
        for (var attempt = 0; attempt < 1000; attempt++) await failed.NoteAsync("bob", $"192.0.2.{attempt % 250}", cancel);
        Assert.That(await Process.Audit.ListAsync(null, 1000, cancel), Has.Count.EqualTo(FailedSignIns.MaxAnHour));
        _time.Advance(TimeSpan.FromHours(1));
        await failed.NoteAsync("bob", "192.0.2.1", cancel);

        Assert.That((await Process.Audit.ListAsync(null, 1, cancel))[0].Subject, Is.EqualTo($"no operator, from 192.0.2.1; {1000 - FailedSignIns.MaxAnHour} more before that were not noted"));
    }
}
