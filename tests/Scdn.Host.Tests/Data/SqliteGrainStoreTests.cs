using Scdn.Grains;
using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data;

[TestFixture]
internal sealed class SqliteGrainStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private TempFolder _folder = null!;
    private Database _database = null!;
    private SqliteGrainStore _store = null!;

    [SetUp]
    public void Open()
    {
        _folder = new TempFolder();
        _database = Database.Open(_folder["scdn.db"], TimeProvider.System);
        _store = new SqliteGrainStore(_database, TimeProvider.System);
    }

    [TearDown]
    public void Close()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Has_nothing_of_a_grain_that_never_was() => Assert.That(await _store.LoadAsync<Counter>("a", None), Is.Null);

    [Test]
    public async Task Raises_the_version_with_each_change()
    {
        await _store.ChangeAsync<Counter>("a", Counter.Add, None);
        var changed = await _store.ChangeAsync<Counter>("a", Counter.Add, None);

        Assert.That(changed.Value, Is.EqualTo(new Stored<Counter>("a", 2, new Counter(2))));
        Assert.That(await _store.LoadAsync<Counter>("a", None), Is.EqualTo(changed.Value));
    }

    [Test]
    public async Task Saves_nothing_when_the_rule_refuses()
    {
        await _store.ChangeAsync("a", Counter.AddUpTo(1), None);
        var refused = await _store.ChangeAsync("a", Counter.AddUpTo(1), None);

        Assert.That(refused.Refusal, Is.EqualTo(Refusal.Conflict("It is full.")));
        Assert.That((await _store.LoadAsync<Counter>("a", None))?.Version, Is.EqualTo(1));
    }

    [Test]
    public async Task Saves_nothing_when_the_rule_has_nothing_to_change()
    {
        await _store.ChangeAsync<Counter>("a", Counter.Add, None);
        var unchanged = await _store.ChangeAsync<Counter>("a", _ => Change<Counter>.None, None);

        Assert.That(unchanged.Value, Is.EqualTo(new Stored<Counter>("a", 1, new Counter(1))));
        Assert.That(new Outbox(_database).End.Sequence, Is.EqualTo(1));
    }

    [Test]
    public async Task A_rule_that_throws_fails_alone()
    {
        var failing = _store.ChangeAsync<Counter>("a", _ => throw new FormatException("mine"), None);
        var changed = await _store.ChangeAsync<Counter>("b", Counter.Add, None);

        Assert.That(changed.Refusal, Is.Null);
        Assert.That(async () => await failing, Throws.TypeOf<FormatException>());
    }

    [Test]
    public async Task Lists_a_kind_in_the_order_of_its_ids_page_by_page()
    {
        foreach (var id in (string[])["c", "a", "b"]) await _store.ChangeAsync<Counter>(id, Counter.Add, None);

        var first = await _store.ListAsync<Counter>(null, 2, None);
        var second = await _store.ListAsync<Counter>(first[^1].Id, 2, None);

        Assert.That(first.Select(grain => grain.Id), Is.EqualTo(["a", "b"]));
        Assert.That(second.Select(grain => grain.Id), Is.EqualTo(["c"]));
    }

    [Test]
    public async Task Loses_and_repeats_no_change_of_many_tasks_and_two_processes()
    {
        using var other = Database.Open(_folder["scdn.db"], TimeProvider.System);
        var stores = new IGrainStore[] { _store, new SqliteGrainStore(other, TimeProvider.System) };

        await Task.WhenAll(Enumerable.Range(0, 16).Select(task => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++) await stores[task % 2].ChangeAsync<Counter>($"{i % 3}", Counter.Add, None);
        })));

        var counters = await _store.ListAsync<Counter>(null, 10, None);
        Assert.That(counters.Sum(counter => counter.State.Value), Is.EqualTo(16 * 25));
        Assert.That(counters.Select(counter => counter.Version), Is.EqualTo(counters.Select(counter => (long)counter.State.Value)));
    }

    [Test]
    public async Task Grants_no_more_than_there_is_to_many_at_once()
    {
        var changes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => _store.ChangeAsync("a", Counter.AddUpTo(7), None))));

        Assert.That(changes.Count(change => change.Refusal is null), Is.EqualTo(7));
    }

    [Test]
    public async Task Has_everything_acknowledged_when_it_is_opened_again()
    {
        var acknowledged = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _store.ChangeAsync<Counter>($"{i:00}", Counter.Add, None)));
        _database.Dispose();
        _database = Database.Open(_folder["scdn.db"], TimeProvider.System);
        _store = new SqliteGrainStore(_database, TimeProvider.System);

        Assert.That(await _store.ListAsync<Counter>(null, 100, None), Is.EqualTo(acknowledged.Select(change => change.Value)));
        Assert.That(new Outbox(_database).End.Sequence, Is.EqualTo(50));
    }

    [Test]
    public async Task Does_not_run_a_change_that_was_cancelled_while_it_waited()
    {
        using var cancel = new CancellationTokenSource();
        using var entered = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var holding = _store.ChangeAsync<Counter>("a", state =>
        {
            entered.Release();
            release.Wait();
            return Counter.Add(state);
        }, None);
        await entered.WaitAsync();
        var waiting = _store.ChangeAsync<Counter>("a", Counter.Add, cancel.Token);
        await cancel.CancelAsync();
        release.Release();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await holding).Value?.Version, Is.EqualTo(1));
        Assert.That((await _store.LoadAsync<Counter>("a", None))?.Version, Is.EqualTo(1));
    }
}
