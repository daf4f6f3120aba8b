using System.Collections.Concurrent;
using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Host.Data.Postgres;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data.Postgres;

/// <summary>A primary with a standby that it waits for with every commit.</summary>
[CancelAfter(180_000)]
internal sealed class PostgresFailOverTests
{
    private PostgresServer _primary = null!;
    private PostgresServer _standby = null!;
    private PostgresAddress _address = null!;
    private TempFolder _folder = null!;

    [SetUp]
    public async Task StartPair()
    {
        _folder = new();
        _primary = await PostgresServer.StartAsync();
        _standby = await _primary.StartStandbyAsync();
        var text = await _primary.MakeDatabaseAsync();
        Assert.That(PostgresAddress.TryParse(text.Replace($":{_primary.Port}", $":{_standby.Port},127.0.0.1:{_primary.Port}", StringComparison.Ordinal), out var address, out _));
        _address = address!;
    }

    [TearDown]
    public async Task StopPair()
    {
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Loses_and_doubles_nothing_acknowledged_when_the_primary_is_killed_and_goes_on_with_the_standby(CancellationToken cancel)
    {
        await using var database = new PostgresDatabase(_address, TimelineFence.In(_folder.Path), TimeProvider.System);
        await using var outbox = new PostgresOutbox(database, TimeProvider.System);
        await using var feed = new ChangeFeed(outbox, TimeProvider.System, FeedRetention.Default);
        var store = new PostgresGrainStore(database, TimeProvider.System);
        var told = new ConcurrentDictionary<string, long>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var following = FollowAsync(feed, told, enough.Token);
        var ledger = new ConcurrentDictionary<string, int>();

        // Each task counts its own grain, and one that all share.
        var counting = Enumerable.Range(0, 8).Select(task => Task.Run(() => CountAsync(store, ledger, $"{task}", over.Token), cancel)).ToList();
        await Eventually.HoldsAsync(() => ledger.Values.Sum() > 400, "much is acknowledged");
        await _primary.KillAsync();
        await _standby.PromoteAsync();
        var atKill = ledger.Values.Sum();
        await Eventually.HoldsAsync(() => ledger.Values.Sum() > atKill + 400, "as much is acknowledged after it");
        await over.CancelAsync();
        await Task.WhenAll(counting);

        foreach (var (id, acknowledged) in ledger)
        {
            var counter = (await store.LoadAsync<Counter>(id, cancel))!;
            Assert.That((counter.State.Value, counter.Version), Is.EqualTo((acknowledged, (long)acknowledged)), id);
        }

        await Eventually.HoldsAsync(() => ledger.All(counted => told.GetValueOrDefault(counted.Key) == counted.Value), "the feed tells all of it");
        await enough.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Test]
    public async Task Leaves_the_old_primary_alone_when_it_comes_back_as_one(CancellationToken cancel)
    {
        await using (var database = new PostgresDatabase(_address, TimelineFence.In(_folder.Path), TimeProvider.System))
        {
            var store = new PostgresGrainStore(database, TimeProvider.System);
            await store.ChangeAsync<Counter>("a", Counter.Add, cancel);
            await _primary.KillAsync();
            await _standby.PromoteAsync();
            Assert.That((await store.ChangeAsync<Counter>("a", Counter.Add, cancel)).Value?.Version, Is.EqualTo(2));
        }

        // The worst case: the new one is away, and the old one answers as a primary, to a host that was started again.
        await _primary.StartAgainAsync();
        await _standby.KillAsync();
        var time = new FakeTime();
        await using var again = new PostgresDatabase(_address, TimelineFence.In(_folder.Path), time);
        var asking = again.PrepareAsync(cancel);
        await time.UntilArmedWithinAsync(TimeSpan.FromMilliseconds(60));
        while (!asking.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(11));
            await Task.Delay(1, cancel);
        }

        Assert.That(() => asking, Throws.TypeOf<StoreException>().With.Message.Contains("a standby was promoted since"));
    }

    [Test]
    public async Task Does_not_have_a_commit_taken_for_done_that_waits_for_a_standby_which_is_gone(CancellationToken cancel)
    {
        await using var database = new PostgresDatabase(_address, new(null), TimeProvider.System);
        var store = new PostgresGrainStore(database, TimeProvider.System);
        await store.ChangeAsync<Counter>("a", Counter.Add, cancel);
        await _standby.KillAsync();
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var waiting = store.ChangeAsync<Counter>("a", Counter.Add, impatient.Token);
        await Eventually.HoldsAsync(async () => await _primary.CountAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") > 0, "the commit waits");
        await impatient.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());

        // A cancel request, if one was sent, would have been acted upon by the time that another connection is served.
        var waits = await _primary.CountAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
        var seen = (await store.LoadAsync<Counter>("a", cancel))?.State.Value;

        Assert.That((waits > 0, seen), Is.EqualTo((true, 1)));
    }

    [Test]
    public async Task Moves_to_the_promoted_standby_while_the_old_primary_still_answers(CancellationToken cancel)
    {
        await using var database = new PostgresDatabase(_address, new(null), TimeProvider.System);
        await using var outbox = new PostgresOutbox(database, TimeProvider.System);
        var store = new PostgresGrainStore(database, TimeProvider.System);
        await store.ChangeAsync<Counter>("a", Counter.Add, cancel);
        var before = await outbox.EndAsync(cancel);

        await _standby.PromoteAsync();
        await Eventually.HoldsAsync(async () => (await outbox.EndAsync(cancel)).Epoch != before.Epoch, "the promotion is seen");

        Assert.That((await store.ChangeAsync<Counter>("a", Counter.Add, cancel)).Value?.Version, Is.EqualTo(2));
        Assert.That(await outbox.KnowsAsync(before, cancel), Is.False);
    }

    private static async Task CountAsync(PostgresGrainStore store, ConcurrentDictionary<string, int> ledger, string own, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            foreach (var id in (string[])[own, "all"])
            {
                var changed = await store.ChangeAsync<Counter>(id, Counter.Add, CancellationToken.None);
                Assert.That(changed.Refusal, Is.Null);
                ledger.AddOrUpdate(id, 1, (_, count) => count + 1);
            }
        }
    }

    private static async Task FollowAsync(ChangeFeed feed, ConcurrentDictionary<string, long> told, CancellationToken cancel)
    {
        await foreach (var item in feed.FollowAsync(null, cancel))
        {
            switch (item)
            {
                case FeedReset: told.Clear(); break;
                case FeedChange change: told[change.Id] = change.Version; break;
            }
        }
    }
}
