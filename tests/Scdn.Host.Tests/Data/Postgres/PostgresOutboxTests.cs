using Npgsql;
using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Host.Data.Postgres;

namespace Scdn.Host.Tests.Data.Postgres;

/// <summary>Transactions that overlap: the order in which they commit is not that of their ids.</summary>
[CancelAfter(60_000)]
internal sealed class PostgresOutboxTests
{
    private PostgresAddress _address = null!;
    private PostgresDatabase _database = null!;
    private PostgresOutbox _outbox = null!;
    private NpgsqlDataSource _others = null!;
    private FeedPosition _start;

    [SetUp]
    public async Task Open()
    {
        Assert.That(PostgresAddress.TryParse(await SharedPostgres.MakeDatabaseAsync(), out var address, out _));
        _address = address!;
        _database = new PostgresDatabase(_address, new(null), TimeProvider.System);
        _outbox = new PostgresOutbox(_database, TimeProvider.System);
        _start = await _outbox.EndAsync(default);
        _others = NpgsqlDataSource.Create(_address.ConnectTo(_address.Hosts[0], forWriting: false).ConnectionString);
    }

    [TearDown]
    public async Task Close()
    {
        await _others.DisposeAsync();
        await _outbox.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task Holds_a_row_back_while_an_older_transaction_is_under_way(CancellationToken cancel)
    {
        await using var older = await BeginAsync("older", cancel);
        await using var newer = await BeginAsync("newer", cancel);
        await newer.CommitAsync();
        var before = await ReadAsync(_start, cancel);
        await older.CommitAsync();

        Assert.That(before, Is.Empty);
        Assert.That(await ReadAsync(_start, cancel, atLeast: 2), Is.EqualTo(["older", "newer"]));
    }

    [Test]
    public async Task Goes_on_when_an_older_transaction_is_given_up(CancellationToken cancel)
    {
        await using var older = await BeginAsync("older", cancel);
        await using var newer = await BeginAsync("newer", cancel);
        await newer.CommitAsync();
        await older.RollbackAsync();

        Assert.That(await ReadAsync(_start, cancel, atLeast: 1), Is.EqualTo(["newer"]));
    }

    [Test]
    public async Task Tells_a_follower_each_of_many_overlapping_transactions_once_and_without_a_gap(CancellationToken cancel)
    {
        await using var feed = new ChangeFeed(_outbox, TimeProvider.System, FeedRetention.Default);
        var told = new List<string>();
        var following = FollowAsync(feed, told, 400, cancel);
        var random = new Random(7);
        var open = new List<Transaction>();
        // At most eight are open at a time, and are ended in any order, every fifth by giving it up.
        for (var number = 0; number < 500; number++)
        {
            open.Add(await BeginAsync($"{number}{(number % 5 == 0 ? " in vain" : "")}", cancel));
            if (open.Count == 8) await EndOneAsync();
        }

        while (open.Count > 0) await EndOneAsync();
        await following;

        Assert.That(told, Is.EqualTo(Enumerable.Range(0, 500).Where(number => number % 5 != 0).Select(number => $"{number}")));

        async Task EndOneAsync()
        {
            var one = open[random.Next(open.Count)];
            open.Remove(one);
            if (one.Id.EndsWith("in vain", StringComparison.Ordinal)) await one.RollbackAsync();
            else await one.CommitAsync();
            await one.DisposeAsync();
            // So that it is read between any two.
            await using var tell = _others.CreateCommand("NOTIFY scdn_outbox");
            await tell.ExecuteNonQueryAsync(cancel);
        }
    }

    [Test]
    public async Task Hears_of_a_commit_of_another_process_before_it_would_look(CancellationToken cancel)
    {
        // A clock that stands still: nobody looks by himself.
        await using var deaf = new PostgresDatabase(_address, new(null), TimeProvider.System);
        var time = new Scdn.Testing.FakeTime();
        await using var outbox = new PostgresOutbox(deaf, time);
        await Scdn.Testing.Eventually.HoldsAsync(() => IsListenedToAsync(cancel), "the other process listens");
        var changed = outbox.ChangedAsync(cancel);
        await new PostgresGrainStore(_database, TimeProvider.System).ChangeAsync<Counter>("a", Counter.Add, cancel);

        await changed;
        Assert.That(await ReadAsync(_start, cancel, atLeast: 1, outbox), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Has_another_epoch_when_its_tables_were_made_anew(CancellationToken cancel)
    {
        var before = await _outbox.EndAsync(cancel);
        await using (var drop = _others.CreateCommand("DROP SCHEMA scdn CASCADE")) await drop.ExecuteNonQueryAsync(cancel);
        await using var database = new PostgresDatabase(_address, new(null), TimeProvider.System);
        await database.PrepareAsync(cancel);

        Assert.That(await _outbox.KnowsAsync(before, cancel), Is.False);
    }

    private async Task<bool> IsListenedToAsync(CancellationToken cancel)
    {
        await using var command = _others.CreateCommand("SELECT count(*) >= 2 FROM pg_stat_activity WHERE query = 'LISTEN scdn_outbox' AND datname = current_database()");
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static async Task FollowAsync(ChangeFeed feed, List<string> told, int count, CancellationToken cancel)
    {
        await foreach (var item in feed.FollowAsync(null, cancel))
        {
            if (item is FeedChange change) told.Add(change.Id);
            if (told.Count == count) return;
        }
    }

    // A transaction of any other database of the server, such as the end of another test's, holds rows back for a moment, too.
    private async Task<IReadOnlyList<string>> ReadAsync(FeedPosition position, CancellationToken cancel, int atLeast = 0, PostgresOutbox? outbox = null) => await Scdn.Testing.Eventually.GetAsync<IReadOnlyList<string>>(
        async () => await (outbox ?? _outbox).ReadAfterAsync(position, cancel) is { } rows && rows.Count >= atLeast ? [.. rows.Select(change => change.Id)] : null,
        $"{atLeast} rows are told");

    private async Task<Transaction> BeginAsync(string id, CancellationToken cancel)
    {
        var connection = await _others.OpenConnectionAsync(cancel);
        var transaction = await connection.BeginTransactionAsync(cancel);
        await using var insert = new NpgsqlCommand("INSERT INTO outbox(kind, id, version, at, state, change) VALUES ('counter', $1, 1, 0, '{\"value\":1}', gen_random_uuid())", connection);
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        await insert.ExecuteNonQueryAsync(cancel);
        return new(id, connection, transaction);
    }

    private sealed class Transaction(string id, NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public string Id => id;

        public Task CommitAsync() => transaction.CommitAsync();

        public Task RollbackAsync() => transaction.RollbackAsync();

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
