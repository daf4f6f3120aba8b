using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class ChangeFeedTests(Engine engine)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private SampleStore _sample = null!;
    private StoreProcess _process = null!;
    private ChangeFeed _feed = null!;
    private FeedPosition _start;

    [SetUp]
    public async Task Open()
    {
        _sample = await SampleStore.MakeAsync(engine);
        _process = _sample.Open();
        _feed = new ChangeFeed(_process.Outbox, TimeProvider.System, FeedRetention.Default);
        _start = await _process.EndAsync();
    }

    [TearDown]
    public async Task Close()
    {
        await _feed.DisposeAsync();
        await _process.DisposeAsync();
        _sample.Dispose();
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
        Assert.That(await _process.Outbox.ReadAfterAsync(((FeedCaughtUp)items[^1]).Position, cancel), Is.Empty);
    }

    [Test]
    public async Task Tells_a_snapshot_of_more_than_a_page_whole(CancellationToken cancel)
    {
        await Task.WhenAll(Enumerable.Range(0, IOutbox.PageSize + 1).Select(i => AddAsync($"{i:0000}", 1)));

        var items = await TakeUntilCaughtUpAsync(_feed, null, cancel);

        Assert.That(items[1..^1].Cast<FeedChange>().Select(change => change.Id), Is.EqualTo(Enumerable.Range(0, IOutbox.PageSize + 1).Select(i => $"{i:0000}")));
    }

    [Test]
    public async Task Goes_on_after_a_position_without_a_reset(CancellationToken cancel)
    {
        await AddAsync("a", 1);
        var first = await _process.EndAsync();
        await AddAsync("a", 2);

        var items = await TakeUntilCaughtUpAsync(_feed, first, cancel);

        Assert.That(items.OfType<FeedChange>().Select(Tell), Is.EqualTo(["a 2 2", "a 3 3"]));
        Assert.That(items, Has.None.TypeOf<FeedReset>());
    }

    [Test]
    public async Task Starts_anew_from_a_position_of_another_epoch(CancellationToken cancel)
    {
        await AddAsync("a", 1);

        Assert.That((await TakeUntilCaughtUpAsync(_feed, _start with { Epoch = Guid.NewGuid() }, cancel))[0], Is.TypeOf<FeedReset>());
    }

    [Test]
    public async Task Starts_anew_from_a_position_that_is_still_to_come(CancellationToken cancel)
    {
        await AddAsync("a", 1);

        var end = await _process.EndAsync();
        Assert.That((await TakeUntilCaughtUpAsync(_feed, end with { Sequence = end.Sequence + 1000 }, cancel))[0], Is.TypeOf<FeedReset>());
    }

    [Test]
    public async Task Starts_anew_from_a_position_that_was_pruned(CancellationToken cancel)
    {
        await AddAsync("a", 6);
        var sixth = await _process.EndAsync();
        await AddAsync("a", 1);
        var seventh = await _process.EndAsync();
        await AddAsync("a", 3);
        await _process.Outbox.PruneAsync(keep: 3, oldest: DateTimeOffset.UnixEpoch, cancel);

        var known = await TakeUntilCaughtUpAsync(_feed, seventh, cancel);
        var pruned = await TakeUntilCaughtUpAsync(_feed, sixth, cancel);

        Assert.That(known.OfType<FeedChange>().Select(Tell), Is.EqualTo(["a 8 8", "a 9 9", "a 10 10"]));
        Assert.That(pruned[0], Is.TypeOf<FeedReset>());
    }

    [Test]
    public async Task Starts_anew_when_it_is_pruned_behind_a_slow_follower(CancellationToken cancel)
    {
        await AddAsync("a", IOutbox.PageSize + 10);
        await using var follower = _feed.FollowAsync(_start, cancel).GetAsyncEnumerator(cancel);
        await follower.MoveNextAsync();
        await _process.Outbox.PruneAsync(keep: 3, oldest: DateTimeOffset.UnixEpoch, cancel);

        while (await follower.MoveNextAsync() && follower.Current is not FeedReset) Assert.That(follower.Current, Is.TypeOf<FeedChange>());
        await follower.MoveNextAsync();

        Assert.That(Tell((FeedChange)follower.Current), Is.EqualTo($"a {IOutbox.PageSize + 10} {IOutbox.PageSize + 10}"));
    }

    [Test]
    public async Task Prunes_what_is_old_but_never_the_last_row(CancellationToken cancel)
    {
        await AddAsync("a", 3);
        var third = await _process.EndAsync();
        await AddAsync("a", 1);
        var fourth = await _process.EndAsync();
        await AddAsync("a", 1);
        await _process.Outbox.PruneAsync(keep: 100, oldest: DateTimeOffset.MaxValue, cancel);

        Assert.That(await _process.Outbox.KnowsAsync(fourth, cancel), Is.True);
        Assert.That(await _process.Outbox.KnowsAsync(third, cancel), Is.False);
    }

    [Test]
    public async Task Tells_two_processes_every_change_once_and_in_order(CancellationToken cancel)
    {
        await using var other = _sample.Open();
        await using var otherFeed = new ChangeFeed(other.Outbox, TimeProvider.System, FeedRetention.Default);
        var stores = new[] { _process.Grains, other.Grains };
        var followers = new[] { TakeChangesAsync(_feed, _start, 200, cancel), TakeChangesAsync(otherFeed, _start, 200, cancel) };

        await Task.WhenAll(Enumerable.Range(0, 8).Select(task => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++) await stores[task % 2].ChangeAsync<Counter>($"{i % 4}", Counter.Add, None);
        }, cancel)));

        foreach (var changes in await Task.WhenAll(followers))
        {
            Assert.That(changes.Select(change => change.Position!.Value.Sequence), Is.Ordered.And.Unique);
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

        // A few at a time: who waits for longer than a turn may take on a slow machine is refused.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AddAsync("a", 5000 / 8)));

        for (var version = 1; version <= 5000; version++)
        {
            // While the additions go on it may catch up now and then, and says so.
            do await follower.MoveNextAsync(); while (follower.Current is FeedCaughtUp);

            Assert.That(((FeedChange)follower.Current).Version, Is.EqualTo(version));
        }
    }

    [Test]
    public async Task Says_where_it_is_while_nothing_happens(CancellationToken cancel)
    {
        var time = new FakeTime();
        await using var feed = new ChangeFeed(_process.Outbox, time, FeedRetention.Default);
        await time.UntilArmedAsync();
        await using var follower = feed.FollowAsync(null, cancel).GetAsyncEnumerator(cancel);
        while (await follower.MoveNextAsync() && follower.Current is not FeedCaughtUp)
        {
        }

        var next = follower.MoveNextAsync();
        await time.UntilArmedAsync(2);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(await next, Is.True);
        Assert.That(follower.Current, Is.TypeOf<FeedCaughtUp>());
        Assert.That(await _process.Outbox.ReadAfterAsync(((FeedCaughtUp)follower.Current).Position, cancel), Is.Empty);
    }

    [Test]
    public async Task Goes_on_when_old_rows_cannot_be_pruned_just_now(CancellationToken cancel)
    {
        var time = new FakeTime();
        var outbox = new FaultyOutbox(_process.Outbox);
        await using var feed = new ChangeFeed(outbox, time, FeedRetention.Default);
        await time.UntilArmedAsync();

        outbox.Fails = true;
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(() => outbox.PruningsThatFailed == 1, "pruning was tried");
        outbox.Fails = false;
        await AddAsync("a", 1);

        Assert.That((await TakeChangesAsync(feed, _start, 1, cancel)).Select(Tell), Is.EqualTo(["a 1 1"]));
        Assert.That(feed.Completion.IsCompleted, Is.False);
    }

    [Test]
    public async Task Keeps_its_followers_waiting_while_the_store_cannot_be_reached(CancellationToken cancel)
    {
        var time = new FakeTime();
        var outbox = new FaultyOutbox(_process.Outbox) { Fails = true };
        await using var feed = new ChangeFeed(outbox, time, FeedRetention.Default);
        var changes = TakeChangesAsync(feed, _start, 1, cancel);
        await AddAsync("a", 1);
        // The loop and the follower both wait to ask again.
        await time.UntilArmedWithinAsync(TimeSpan.FromMilliseconds(250), 2);
        Assert.That(changes.IsCompleted, Is.False);

        outbox.Fails = false;
        time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.That((await changes).Select(Tell), Is.EqualTo(["a 1 1"]));
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

    private static async Task<List<FeedItem>> TakeUntilCaughtUpAsync(ChangeFeed feed, FeedPosition? from, CancellationToken cancel)
    {
        var items = new List<FeedItem>();
        await foreach (var item in feed.FollowAsync(from, cancel))
        {
            items.Add(item);
            if (item is FeedCaughtUp) break;
        }

        return items;
    }

    private static async Task<List<FeedChange>> TakeChangesAsync(ChangeFeed feed, FeedPosition from, int count, CancellationToken cancel)
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
        for (var i = 0; i < times; i++) Assert.That((await _process.Grains.ChangeAsync<Counter>(id, Counter.Add, None)).Refusal, Is.Null);
    }
}
