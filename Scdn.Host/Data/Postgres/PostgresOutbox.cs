using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using Npgsql;
using Scdn.Grains.Storage;
using static Scdn.Host.Data.Postgres.PostgresCommands;

namespace Scdn.Host.Data.Postgres;

/// <summary>
/// The outbox in PostgreSQL. A row stands at the id of the transaction that added it, and is read once no older transaction is under way any more: rows may be committed in another order than that of their ids, but below
/// that horizon nothing is ever added. The epoch is of this store, its tables and the server's timeline, so that positions mean nothing any more when it was restored or a standby promoted.
/// </summary>
internal sealed class PostgresOutbox : IOutbox, IAsyncDisposable
{
    private const string Channel = "scdn_outbox";

    private const string Place =
        """
        SELECT s.epoch, 'store'::regclass::oid::bigint, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), s.pruned, pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        FROM store s
        """;

    private const string After =
        """
        SELECT s.epoch, 'store'::regclass::oid::bigint, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), s.pruned, pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
            (SELECT max(xid) FROM outbox), o.xid, o.kind, o.id, o.version, o.at, o.state
        FROM store s LEFT JOIN LATERAL (
            SELECT * FROM outbox WHERE xid > $1 AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY xid LIMIT $2) o ON true
        ORDER BY o.xid
        """;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    // Where much happens, much is read, and told, at a time: each reading is a query and each telling a transaction. What happens alone waits for nothing.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    // Another transaction is under way below rows that are committed: it will not be for long.
    private static readonly TimeSpan PendingInterval = TimeSpan.FromMilliseconds(5);

    private readonly PostgresDatabase _database;
    private readonly TimeProvider _time;
    private readonly Channel<bool> _wake = OneWaiting();
    private readonly Channel<bool> _tell = OneWaiting();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _listening;
    private readonly Task _telling;
    private volatile bool _pending;
    private long _looked;

    public PostgresOutbox(PostgresDatabase database, TimeProvider time)
    {
        (_database, _time) = (database, time);
        _database.Committed += NoteCommit;
        _listening = Task.Run(() => ListenAsync(_stop.Token), CancellationToken.None);
        _telling = Task.Run(() => TellAsync(_stop.Token), CancellationToken.None);
    }

    /// <inheritdoc/>
    public Task<FeedPosition> EndAsync(CancellationToken cancel) => _database.ReadAsync(async (connection, stop) => (await ReadPlaceAsync(connection, stop)).End, cancel);

    /// <inheritdoc/>
    public Task<bool> KnowsAsync(FeedPosition position, CancellationToken cancel) =>
        _database.ReadAsync(async (connection, stop) => (await ReadPlaceAsync(connection, stop)).Knows(position), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FeedChange>?> ReadAfterAsync(FeedPosition position, CancellationToken cancel) => _database.ReadAsync<IReadOnlyList<FeedChange>?>(
        async (connection, stop) =>
        {
            // One statement, so that rows can't be pruned between looking whether they were and reading them.
            var rows = await connection.QueryAsync(After, [Argument(position.Sequence), Argument(IOutbox.PageSize)], ReadRow, stop);
            var (place, last, _) = rows[0];
            if (!place.Knows(position)) return null;
            _pending = last > place.End.Sequence;
            return [.. rows.Where(row => row.Change is not null).Select(row => row.Change!)];
        },
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FeedChange>> ReadGrainsAsync(string afterKind, string afterId, CancellationToken cancel) => await _database.ReadAsync(
        (connection, stop) => connection.QueryAsync(
            "SELECT kind, id, version, at, state FROM grains WHERE (kind, id) > ($1, $2) ORDER BY kind, id LIMIT $3",
            [Argument(afterKind), Argument(afterId), Argument(IOutbox.PageSize)],
            reader => ReadChange(reader, null, 0),
            stop),
        cancel);

    /// <inheritdoc/>
    public async Task PruneAsync(int keep, DateTimeOffset oldest, CancellationToken cancel)
    {
        // In pages, so that nothing is locked for long. What is below the horizon only, for a follower has seen no more.
        while (await _database.WriteAsync(connection => PrunePageAsync(connection, keep, oldest.ToUnixTimeMilliseconds(), CancellationToken.None), cancel) == IOutbox.PageSize)
        {
        }
    }

    /// <inheritdoc/>
    public async Task ChangedAsync(CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(_pending ? PendingInterval : PollInterval, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Time to look, told or not.
        }

        if (_looked != 0 && Between - _time.GetElapsedTime(_looked) is { Ticks: > 0 } early) await Task.Delay(early, _time, cancel);
        _looked = _time.GetTimestamp();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _database.Committed -= NoteCommit;
        await _stop.CancelAsync();
        await Task.WhenAll(_listening, _telling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static Channel<bool> OneWaiting() => System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private static async Task<Reach> ReadPlaceAsync(NpgsqlConnection connection, CancellationToken cancel) => (await connection.QueryAsync(Place, [], ReadPlace, cancel))[0];

    private static Reach ReadPlace(NpgsqlDataReader reader)
    {
        Span<byte> parts = stackalloc byte[28];
        reader.GetGuid(0).TryWriteBytes(parts);
        BinaryPrimitives.WriteInt64BigEndian(parts[16..], reader.GetInt64(1));
        BinaryPrimitives.WriteInt32BigEndian(parts[24..], Convert.ToInt32(reader.GetString(2), 16));
        // An older transaction than the one that made or restored the store may be under way: nothing before that is ever told.
        var (pruned, horizon) = (reader.GetInt64(3), reader.GetInt64(4));
        return new(new(new Guid(SHA256.HashData(parts).AsSpan(0, 16)), Math.Max(horizon - 1, pruned)), pruned);
    }

    private static (Reach Place, long Last, FeedChange? Change) ReadRow(NpgsqlDataReader reader)
    {
        var place = ReadPlace(reader);
        return (place, reader.IsDBNull(5) ? 0 : reader.GetInt64(5), reader.IsDBNull(6) ? null : ReadChange(reader, place.End with { Sequence = reader.GetInt64(6) }, 7));
    }

    private static FeedChange ReadChange(NpgsqlDataReader reader, FeedPosition? position, int first) => new(
        position,
        reader.GetString(first),
        reader.GetString(first + 1),
        reader.GetInt64(first + 2),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(first + 3)),
        JsonElement.Parse(reader.GetString(first + 4)));

    private static async Task<int> PrunePageAsync(NpgsqlConnection connection, int keep, long oldest, CancellationToken cancel)
    {
        var pruned = await connection.QueryAsync(
            """
            WITH last AS (SELECT max(xid) AS xid FROM outbox WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint),
            beyond AS (SELECT xid FROM outbox ORDER BY xid DESC OFFSET $1 LIMIT 1),
            old AS (
                SELECT xid FROM (SELECT xid, at FROM outbox ORDER BY xid LIMIT $3) page
                WHERE xid < (SELECT xid FROM last) AND (xid <= coalesce((SELECT xid FROM beyond), 0) OR at < $2)),
            gone AS (DELETE FROM outbox WHERE xid <= (SELECT max(xid) FROM old) RETURNING xid),
            noted AS (UPDATE store SET pruned = greatest(pruned, (SELECT max(xid) FROM gone)) WHERE EXISTS (SELECT 1 FROM gone))
            SELECT count(*)::int FROM gone
            """,
            [Argument(keep), Argument(oldest), Argument(IOutbox.PageSize)],
            reader => reader.GetInt32(0),
            cancel);
        return pruned[0];
    }

    private void NoteCommit(object? sender, EventArgs e)
    {
        _wake.Writer.TryWrite(true);
        _tell.Writer.TryWrite(true);
    }

    /// <summary>Hears what other hosts tell.</summary>
    private Task ListenAsync(CancellationToken cancel) => KeepAsync(
        async () =>
        {
            await using var connection = await _database.ConnectAsync(cancel);
            connection.Notification += (_, _) => _wake.Writer.TryWrite(true);
            await connection.ExecuteAsync($"LISTEN {Channel}", [], cancel);
            // A server that is no primary any more may go on for long without a word.
            for (var changes = _database.Changes; changes == _database.Changes;) await connection.WaitAsync(LookInterval, cancel);
        },
        cancel);

    /// <summary>Tells other hosts, after the commit: inside the transaction it would make all that tell wait for one another. What is committed while it tells is told together.</summary>
    private Task TellAsync(CancellationToken cancel) => KeepAsync(
        async () =>
        {
            await using var connection = await _database.ConnectAsync(cancel);
            for (var changes = _database.Changes; changes == _database.Changes;)
            {
                await _tell.Reader.ReadAsync(cancel);
                await connection.ExecuteAsync($"NOTIFY {Channel}", [], cancel);
                await Task.Delay(Between, _time, cancel);
            }
        },
        cancel);

    private async Task KeepAsync(Func<Task> work, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await work();
            }
            catch (Exception fault) when (fault is StoreException || PostgresFault.IsTransient(fault) || fault is NpgsqlException)
            {
                // Whoever is not told looks every quarter of a second.
                await Task.Delay(PollInterval, _time, cancel);
            }
        }
    }

    /// <summary>How far the outbox reaches.</summary>
    /// <param name="End">Everything up to here is there to be read.</param>
    /// <param name="Pruned">Everything up to here may be gone.</param>
    private readonly record struct Reach(FeedPosition End, long Pruned)
    {
        public bool Knows(FeedPosition position) => position.Epoch == End.Epoch && position.Sequence >= Pruned && position.Sequence <= End.Sequence;
    }
}
