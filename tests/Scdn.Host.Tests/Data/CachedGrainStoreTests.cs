using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Data;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data;

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
[CancelAfter(60_000)]
internal sealed class CachedGrainStoreTests(Engine engine)
{
    private static readonly UserState Ann = new("ann", "hash", DateTimeOffset.UnixEpoch);

    private SampleStore _sample = null!;
    private StoreProcess _process = null!;
    private StoreProcess _other = null!;
    private ChangeFeed _feed = null!;
    private CountingStore _counting = null!;
    private CachedGrainStore _cached = null!;

    [SetUp]
    public async Task Open()
    {
        _sample = await SampleStore.MakeAsync(engine);
        (_process, _other) = (_sample.Open(), _sample.Open());
        await _process.Grains.ChangeAsync<UserState>("ann", _ => Ann, default);
        _feed = new ChangeFeed(_process.Outbox, TimeProvider.System, FeedRetention.Default);
        _counting = new CountingStore(_process.Grains);
        _cached = new CachedGrainStore(_counting, _feed);
        await _cached.StartAsync(default);
        await Eventually.HoldsAsync(async () => await LoadsOf(() => _cached.LoadAsync<UserState>("ann", default)) == 0, "it keeps what it loaded");
    }

    [TearDown]
    public async Task Close()
    {
        await _cached.StopAsync(default);
        _cached.Dispose();
        await _feed.DisposeAsync();
        await _other.DisposeAsync();
        await _process.DisposeAsync();
        _sample.Dispose();
    }

    [Test]
    public async Task Knows_at_once_what_it_changed_itself()
    {
        await _cached.ChangeAsync<UserState>("ann", state => state! with { Plays = 3 }, default);

        Assert.That((await _cached.LoadAsync<UserState>("ann", default))?.State.Plays, Is.EqualTo(3));
    }

    [Test]
    public async Task Learns_what_another_process_changed()
    {
        await _other.Grains.ChangeAsync<UserState>("ann", state => state! with { Plays = 3 }, default);

        await Eventually.HoldsAsync(async () => (await _cached.LoadAsync<UserState>("ann", default))?.State.Plays == 3, "the feed brings it");
    }

    [Test]
    public async Task Rules_upon_what_is_in_the_store_and_not_upon_what_it_keeps()
    {
        await _other.Grains.ChangeAsync<UserState>("ann", state => state! with { Plays = 3 }, default);
        var changed = await _cached.ChangeAsync<UserState>("ann", state => state! with { Plays = state.Plays + 1 }, default);

        Assert.That(changed.Value?.State.Plays, Is.EqualTo(4));
    }

    [Test]
    public async Task Finds_what_was_not_there_when_it_was_asked_for_first()
    {
        var before = await _cached.LoadAsync<UserState>("bob", default);
        await _other.Grains.ChangeAsync<UserState>("bob", _ => Ann with { Name = "bob" }, default);

        Assert.That((before, (await _cached.LoadAsync<UserState>("bob", default))?.State.Name), Is.EqualTo((default(Stored<UserState>), "bob")));
    }

    [Test]
    public async Task Does_not_keep_what_became_old_while_it_was_read()
    {
        await _other.Grains.ChangeAsync<UserState>("eve", _ => Ann with { Name = "eve" }, default);
        var (read, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        _counting.BeforeAnswer = () =>
        {
            read.SetResult();
            return answer.Task;
        };
        var old = _cached.LoadAsync<UserState>("eve", default);
        _counting.BeforeAnswer = null;
        await read.Task;
        await _other.Grains.ChangeAsync<UserState>("eve", state => state! with { Plays = 3 }, default);
        await Eventually.HoldsAsync(async () => (await _cached.LoadAsync<UserState>("eve", default))?.State.Plays == 3, "the change is known");
        answer.SetResult();
        Assert.That((await old)?.State.Plays, Is.Null);

        Assert.That((await _cached.LoadAsync<UserState>("eve", default))?.State.Plays, Is.EqualTo(3));
    }

    [Test]
    public async Task Always_reads_what_changes_often()
    {
        await _cached.ChangeAsync<Counter>("a", Counter.Add, default);

        Assert.That(await LoadsOf(() => _cached.LoadAsync<Counter>("a", default)), Is.EqualTo(1));
    }

    private async Task<int> LoadsOf(Func<Task> act)
    {
        var before = _counting.Loads;
        await act();
        return _counting.Loads - before;
    }

    private sealed class CountingStore(IGrainStore store) : IGrainStore
    {
        private int _loads;

        public int Loads => Volatile.Read(ref _loads);

        public Func<Task>? BeforeAnswer { get; set; }

        public async Task<Stored<TState>?> LoadAsync<TState>(string id, CancellationToken cancel)
            where TState : class, IGrainState<TState>
        {
            Interlocked.Increment(ref _loads);
            var wait = BeforeAnswer;
            var loaded = await store.LoadAsync<TState>(id, cancel);
            if (wait is not null) await wait();
            return loaded;
        }

        public Task<Scdn.Grains.Outcome<Stored<TState>>> ChangeAsync<TState>(string id, Func<TState?, Change<TState>> rule, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.ChangeAsync(id, rule, cancel);

        public Task<IReadOnlyList<Stored<TState>>> ListAsync<TState>(string? after, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.ListAsync<TState>(after, limit, cancel);

        public Task<IReadOnlyList<Stored<TState>>> ListBackAsync<TState>(string? before, int limit, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.ListBackAsync<TState>(before, limit, cancel);

        public Task<int> RemoveAsync<TState>(IReadOnlyList<Stored<TState>> grains, CancellationToken cancel)
            where TState : class, IGrainState<TState> => store.RemoveAsync(grains, cancel);
    }
}
