using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data;

[TestFixture]
[CancelAfter(30_000)]
internal sealed class SqliteChangeFeedTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private TempFolder _folder = null!;
    private Database _database = null!;
    private SqliteGrainStore _store = null!;
    private SqliteChangeFeed _feed = null!;

    [SetUp]
    public void Open()
    {
        _folder = new TempFolder();
        _database = Database.Open(_folder["scdn.db"], TimeProvider.System);
        _store = new SqliteGrainStore(_database, TimeProvider.System);
        _feed = new SqliteChangeFeed(_database, TimeProvider.System, FeedRetention.Default);
    }

    [TearDown]
    public async Task Close()
    {
        await _feed.DisposeAsync();
        _database.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Starts_with_a_snapshot_of_the_present_states(CancellationToken cancel)
    {
        await AddAsync("a", 2);
        await AddAsync("b", 1);

        var items = await TakeUntilCaughtUpAsync(_feed, null, cancel);

        Assert.That(items[0], Is.TypeOf<FeedReset>());
        Assert.That(items[1..^1].Cast<FeedChange>().Select(Tell), Is.EqualTo(["a 2 2", "b 1 1"]));
        Assert.That(items[1..^1].Cast<FeedChange>().Select(change => change.Position), Is.All.Null);
        Assert.That(items[^1], Is.EqualTo(new FeedCaughtUp(new FeedPosition(_database.Epoch, 3))));
    }

    [Test]
    public async Task Tells_a_snapshot_of_more_than_a_page_whole(CancellationToken cancel)
    {
        await Task.WhenAll(Enumerable.Range(0, Outbox.PageSize + 1).Select(i => AddAsync($"{i:0000}", 1)));

        var items = await TakeUntilCaughtUpAsync(_feed, null, cancel);

        Assert.That(items[1..^1].Cast<FeedChange>().Select(change => change.Id), Is.EqualTo(Enumerable.Range(0, Outbox.PageSize + 1).Select(i => $"{i:0000}")));
    }

    [Test]
    public async Task Goes_on_after_a_position_without_a_reset(CancellationToken cancel)
    {
        await AddAsync("a", 3);

        var items = await TakeUntilCaughtUpAsync(_feed, new FeedPosition(_database.Epoch, 1), cancel);

        Assert.That(items.OfType<FeedChange>().Select(Tell), Is.EqualTo(["a 2 2", "a 3 3"]));
        Assert.That(items, Has.None.TypeOf<FeedReset>());
    }

    [Test]
    public async Task Starts_anew_from_a_position_of_another_epoch(CancellationToken cancel)
    {
        await AddAsync("a", 1);

        Assert.That((await TakeUntilCaughtUpAsync(_feed, new FeedPosition(Guid.NewGuid(), 1), cancel))[0], Is.TypeOf<FeedReset>());
    }

    [Test]
    public async Task Starts_anew_from_a_position_that_is_still_to_come(CancellationToken cancel)
    {
        await AddAsync("a", 1);

        Assert.That((await TakeUntilCaughtUpAsync(_feed, new FeedPosition(_database.Epoch, 2), cancel))[0], Is.TypeOf<FeedReset>());
    }

    [Test]
    public async Task Starts_anew_from_a_position_that_was_pruned(CancellationToken cancel)
    {
        await AddAsync("a", 10);
        await new Outbox(_database).PruneAsync(keep: 3, oldest: DateTimeOffset.MinValue, cancel);

        var known = await TakeUntilCaughtUpAsync(_feed, new FeedPosition(_database.Epoch, 7), cancel);
        var pruned = await TakeUntilCaughtUpAsync(_feed, new FeedPosition(_database.Epoch, 6), cancel);

        Assert.That(known.OfType<FeedChange>().Select(Tell), Is.EqualTo(["a 8 8", "a 9 9", "a 10 10"]));
        Assert.That(pruned[0], Is.TypeOf<FeedReset>());
    }

    [Test]
    public async Task Starts_anew_when_it_is_pruned_behind_a_slow_follower(CancellationToken cancel)
    {
        await AddAsync("a", Outbox.PageSize + 10);
        await using var follower = _feed.FollowAsync(new FeedPosition(_database.Epoch, 0), cancel).GetAsyncEnumerator(cancel);
        await follower.MoveNextAsync();
        await new Outbox(_database).PruneAsync(keep: 3, oldest: DateTimeOffset.MinValue, cancel);

        while (await follower.MoveNextAsync() && follower.Current is not FeedReset) Assert.That(follower.Current, Is.TypeOf<FeedChange>());
        await follower.MoveNextAsync();

        Assert.That(Tell((FeedChange)follower.Current), Is.EqualTo($"a {Outbox.PageSize + 10} {Outbox.PageSize + 10}"));
    }

    [Test]
    public async Task Prunes_what_is_old_but_never_the_last_row(CancellationToken cancel)
    {
        await AddAsync("a", 5);
        await new Outbox(_database).PruneAsync(keep: 100, oldest: DateTimeOffset.MaxValue, cancel);

        Assert.That(new Outbox(_database).Knows(new FeedPosition(_database.Epoch, 4)), Is.True);
        Assert.That(new Outbox(_database).Knows(new FeedPosition(_database.Epoch, 3)), Is.False);
    }

    [Test]
    public async Task Tells_two_processes_every_change_once_and_in_order(CancellationToken cancel)
    {
        using var other = Database.Open(_folder["scdn.db"], TimeProvider.System);
        await using var otherFeed = new SqliteChangeFeed(other, TimeProvider.System, FeedRetention.Default);
        var stores = new IGrainStore[] { _store, new SqliteGrainStore(other, TimeProvider.System) };
        var start = new FeedPosition(_database.Epoch, 0);
        var followers = new[] { TakeChangesAsync(_feed, start, 200, cancel), TakeChangesAsync(otherFeed, start, 200, cancel) };

        await Task.WhenAll(Enumerable.Range(0, 8).Select(task => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++) await stores[task % 2].ChangeAsync<Counter>($"{i % 4}", Counter.Add, None);
        }, cancel)));

        foreach (var changes in await Task.WhenAll(followers))
        {
            Assert.That(changes.Select(change => change.Position!.Value.Sequence), Is.EqualTo(Enumerable.Range(1, 200)));
            foreach (var grain in changes.GroupBy(change => change.Id))
                Assert.That(grain.Select(change => change.Version), Is.EqualTo(Enumerable.Range(1, grain.Count())));
        }
    }

    [Test]
    public async Task Serves_a_follower_that_is_further_behind_than_what_is_in_memory(CancellationToken cancel)
    {
        await using var follower = _feed.FollowAsync(null, cancel).GetAsyncEnumerator(cancel);
        while (await follower.MoveNextAsync() && follower.Current is not FeedCaughtUp)
        {
        }

        await Task.WhenAll(Enumerable.Range(0, 5000).Select(_ => AddAsync("a", 1)));

        for (var version = 1; version <= 5000; version++)
        {
            await follower.MoveNextAsync();
            Assert.That(((FeedChange)follower.Current).Version, Is.EqualTo(version));
        }
    }

    [Test]
    public async Task Says_where_it_is_while_nothing_happens(CancellationToken cancel)
    {
        var time = new FakeTime();
        await using var feed = new SqliteChangeFeed(_database, time, FeedRetention.Default);
        await time.UntilArmedAsync();
        await using var follower = feed.FollowAsync(null, cancel).GetAsyncEnumerator(cancel);
        while (await follower.MoveNextAsync() && follower.Current is not FeedCaughtUp)
        {
        }

        var next = follower.MoveNextAsync();
        await time.UntilArmedAsync(2);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(await next, Is.True);
        Assert.That(follower.Current, Is.EqualTo(new FeedCaughtUp(new FeedPosition(_database.Epoch, 0))));
    }

    [Test]
    public async Task Goes_on_when_old_rows_cannot_be_pruned_just_now(CancellationToken cancel)
    {
        var time = new FakeTime();
        using var database = Database.Open(_folder["busy.db"], time);
        await using var feed = new SqliteChangeFeed(database, time, FeedRetention.Default);
        await time.UntilArmedAsync();
        using var other = new StoreConnection(_folder["busy.db"]);
        Assert.That(other.TryBeginWriting());

        // What another process writes for too long ends the pruning and, behind it, what waits here.
        time.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 3; i++)
        {
            var write = database.Gate.WriteAsync(_ => 0, cancel);
            while (!write.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(11));
                await Task.Delay(1, cancel);
            }
        }

        other.RollBack();
        await new SqliteGrainStore(database, time).ChangeAsync<Counter>("a", Counter.Add, cancel);

        Assert.That((await TakeChangesAsync(feed, new FeedPosition(database.Epoch, 0), 1, cancel)).Select(Tell), Is.EqualTo(["a 1 1"]));
        Assert.That(feed.Completion.IsCompleted, Is.False);
    }

    [Test]
    public async Task Ends_for_its_followers_when_it_is_disposed_of(CancellationToken cancel)
    {
        await using var follower = _feed.FollowAsync(null, cancel).GetAsyncEnumerator(cancel);
        while (await follower.MoveNextAsync() && follower.Current is not FeedCaughtUp)
        {
        }

        var next = follower.MoveNextAsync();
        await _feed.DisposeAsync();

        Assert.That(async () => await next, Throws.InstanceOf<ObjectDisposedException>());
    }

    private static string Tell(FeedChange change) => $"{change.Id} {change.Version} {change.As<Counter>()?.Value}";

    private static async Task<List<FeedItem>> TakeUntilCaughtUpAsync(SqliteChangeFeed feed, FeedPosition? from, CancellationToken cancel)
    {
        var items = new List<FeedItem>();
        await foreach (var item in feed.FollowAsync(from, cancel))
        {
            items.Add(item);
            if (item is FeedCaughtUp) break;
        }

        return items;
    }

    private static async Task<List<FeedChange>> TakeChangesAsync(SqliteChangeFeed feed, FeedPosition from, int count, CancellationToken cancel)
    {
        var changes = new List<FeedChange>();
        await foreach (var item in feed.FollowAsync(from, cancel))
        {
            if (item is FeedChange change) changes.Add(change);
            if (changes.Count == count) break;
        }

        return changes;
    }

    private async Task AddAsync(string id, int times)
    {
        for (var i = 0; i < times; i++) await _store.ChangeAsync<Counter>(id, Counter.Add, None);
    }
}
