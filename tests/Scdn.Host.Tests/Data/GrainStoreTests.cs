using Scdn.Grains;
using Scdn.Grains.Storage;

namespace Scdn.Host.Tests.Data;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
internal sealed class GrainStoreTests(Engine engine) : StoreFixture(engine)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private IGrainStore Store => Process.Grains;

    [Test]
    public async Task Has_nothing_of_a_grain_that_never_was() => Assert.That(await Store.LoadAsync<Counter>("a", None), Is.Null);

    [Test]
    public async Task Raises_the_version_with_each_change()
    {
        await Store.ChangeAsync<Counter>("a", Counter.Add, None);
        var changed = await Store.ChangeAsync<Counter>("a", Counter.Add, None);

        Assert.That(changed.Value, Is.EqualTo(new Stored<Counter>("a", 2, new Counter(2))));
        Assert.That(await Store.LoadAsync<Counter>("a", None), Is.EqualTo(changed.Value));
    }

    [Test]
    public async Task Saves_nothing_when_the_rule_refuses()
    {
        await Store.ChangeAsync("a", Counter.AddUpTo(1), None);
        var refused = await Store.ChangeAsync("a", Counter.AddUpTo(1), None);

        Assert.That(refused.Refusal, Is.EqualTo(Refusal.Conflict("It is full.")));
        Assert.That((await Store.LoadAsync<Counter>("a", None))?.Version, Is.EqualTo(1));
    }

    [Test]
    public async Task Saves_nothing_when_the_rule_has_nothing_to_change()
    {
        var start = await Process.EndAsync();
        await Store.ChangeAsync<Counter>("a", Counter.Add, None);
        var unchanged = await Store.ChangeAsync<Counter>("a", _ => Change<Counter>.None, None);

        Assert.That(unchanged.Value, Is.EqualTo(new Stored<Counter>("a", 1, new Counter(1))));
        Assert.That(await Process.Outbox.ReadAfterAsync(start, None), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_rule_that_throws_fails_alone()
    {
        var failing = Store.ChangeAsync<Counter>("a", _ => throw new FormatException("mine"), None);
        var changed = await Store.ChangeAsync<Counter>("b", Counter.Add, None);

        Assert.That(changed.Refusal, Is.Null);
        Assert.That(async () => await failing, Throws.TypeOf<FormatException>());
    }

    [Test]
    public async Task Lists_a_kind_in_the_order_of_its_ids_page_by_page()
    {
        foreach (var id in (string[])["b", "a", "B", "a-c", "ab"]) await Store.ChangeAsync<Counter>(id, Counter.Add, None);

        var first = await Store.ListAsync<Counter>(null, 3, None);
        var second = await Store.ListAsync<Counter>(first[^1].Id, 3, None);

        Assert.That(first.Select(grain => grain.Id), Is.EqualTo(["B", "a", "a-c"]));
        Assert.That(second.Select(grain => grain.Id), Is.EqualTo(["ab", "b"]));
    }

    [Test]
    public async Task Lists_a_kind_from_the_other_end_page_by_page()
    {
        foreach (var id in (string[])["b", "a", "B", "a-c", "ab"]) await Store.ChangeAsync<Counter>(id, Counter.Add, None);

        var first = await Store.ListBackAsync<Counter>(null, 3, None);
        var second = await Store.ListBackAsync<Counter>(first[^1].Id, 3, None);

        Assert.That(first.Select(grain => grain.Id), Is.EqualTo(["b", "ab", "a-c"]));
        Assert.That(second.Select(grain => grain.Id), Is.EqualTo(["a", "B"]));
    }

    [Test]
    public async Task Lists_what_begins_with_a_prefix_and_goes_on_after_an_id()
    {
        foreach (var id in (string[])["b/1", "b/2", "b/3", "b-c/1", "bb/1", "a/1", "B/1"]) await Store.ChangeAsync<Counter>(id, Counter.Add, None);

        Assert.That(await IdsAsync(null), Is.EqualTo(["b/1", "b/2", "b/3"]));
        Assert.That(await IdsAsync("b/1"), Is.EqualTo(["b/2", "b/3"]));

        async Task<List<string>> IdsAsync(string? after)
        {
            List<string> ids = [];
            await foreach (var grain in Store.ListPrefixAsync<Counter>("b/", after, None)) ids.Add(grain.Id);
            return ids;
        }
    }

    [Test]
    public async Task Loses_and_repeats_no_change_of_many_tasks_and_twoProcesses()
    {
        await using var other = Sample.Open();
        var stores = new[] { Store, other.Grains };

        await Task.WhenAll(Enumerable.Range(0, 16).Select(task => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++) Assert.That((await stores[task % 2].ChangeAsync<Counter>($"{i % 3}", Counter.Add, None)).Refusal, Is.Null);
        })));

        var counters = await Store.ListAsync<Counter>(null, 10, None);
        Assert.That(counters.Sum(counter => counter.State.Value), Is.EqualTo(16 * 25));
        Assert.That(counters.Select(counter => counter.Version), Is.EqualTo(counters.Select(counter => (long)counter.State.Value)));
    }

    [Test]
    public async Task Grants_no_more_than_there_is_to_many_at_once()
    {
        await using var other = Sample.Open();
        var stores = new[] { Store, other.Grains };
        var changes = await Task.WhenAll(Enumerable.Range(0, 50).Select(task => Task.Run(() => stores[task % 2].ChangeAsync("a", Counter.AddUpTo(7), None))));

        Assert.That(changes.Count(change => change.Refusal is null), Is.EqualTo(7));
    }

    [Test]
    public async Task Has_everything_acknowledged_when_it_is_opened_again()
    {
        var start = await Process.EndAsync();
        var acknowledged = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Store.ChangeAsync<Counter>($"{i:00}", Counter.Add, None)));
        await Process.DisposeAsync();
        Process = Sample.Open();

        Assert.That(await Store.ListAsync<Counter>(null, 100, None), Is.EqualTo(acknowledged.Select(change => change.Value)));
        Assert.That(await Process.Outbox.ReadAfterAsync(start, None), Has.Count.EqualTo(50));
    }

    [Test]
    public async Task Does_not_run_a_change_that_was_cancelled_while_it_waited()
    {
        using var cancel = new CancellationTokenSource();
        using var entered = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var holding = Store.ChangeAsync<Counter>("a", state =>
        {
            entered.Release();
            release.Wait();
            return Counter.Add(state);
        }, None);
        await entered.WaitAsync();
        var waiting = Store.ChangeAsync<Counter>("a", Counter.Add, cancel.Token);
        await cancel.CancelAsync();
        release.Release();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await holding).Value?.Version, Is.EqualTo(1));
        Assert.That((await Store.LoadAsync<Counter>("a", None))?.Version, Is.EqualTo(1));
    }
}
