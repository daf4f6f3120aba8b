using Npgsql;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using static Scdn.Host.Data.Postgres.PostgresCommands;

namespace Scdn.Host.Data.Postgres;

/// <summary>Records, plays and what is counted from them, in PostgreSQL.</summary>
internal sealed class PostgresRecordStore(PostgresDatabase database, TimeProvider time) : IRecordStore
{
    // Counters are raised in the order of their ids, so that two hosts don't wait for each other.
    private const string AddSql =
        """
        WITH fresh AS (
            INSERT INTO records(id, at, server, key, content, part, bytes, milliseconds, status, complete)
            SELECT DISTINCT ON (id) * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS r(id, at, server, key, content, part, bytes, milliseconds, status, complete)
            ON CONFLICT (id) DO NOTHING RETURNING *),
        contents AS (
            INSERT INTO content_counters(content, requests, bytes) SELECT content, count(*), sum(bytes) FROM fresh GROUP BY content ORDER BY content
            ON CONFLICT (content) DO UPDATE SET requests = content_counters.requests + excluded.requests, bytes = content_counters.bytes + excluded.bytes)
        INSERT INTO server_counters(server, requests, bytes, errors) SELECT server, count(*), sum(bytes), count(*) FILTER (WHERE status >= 400) FROM fresh GROUP BY server ORDER BY server
        ON CONFLICT (server) DO UPDATE SET
            requests = server_counters.requests + excluded.requests, bytes = server_counters.bytes + excluded.bytes, errors = server_counters.errors + excluded.errors
        """;

    private const string AddPlaySql =
        """
        WITH fresh AS (INSERT INTO plays(session, content, play, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING content)
        INSERT INTO content_counters(content, plays) SELECT content, 1 FROM fresh ON CONFLICT (content) DO UPDATE SET plays = content_counters.plays + 1
        """;

    /// <inheritdoc/>
    public async Task<Outcome<Done>> AddAsync(IReadOnlyList<ConnectionRecord> records, CancellationToken cancel)
    {
        foreach (var slice in records.Chunk(1000))
        {
            var done = await WriteAsync(
                AddSql,
                [
                    Column(slice, record => record.Id), Column(slice, record => record.At.ToUnixTimeMilliseconds()), Column(slice, record => record.Server.Value), Column(slice, record => record.Key.Value),
                    Column(slice, record => record.Content.Value), Column(slice, record => record.Part.Value), Column(slice, record => record.Bytes), Column(slice, record => record.Milliseconds),
                    Column(slice, record => record.Status), Column(slice, record => record.Complete),
                ],
                cancel);
            if (done.Refusal is not null) return done;
        }

        return Done.Instance;
    }

    /// <inheritdoc/>
    public Task<Outcome<Done>> AddPlayAsync(SessionId session, Guid play, ContentId content, CancellationToken cancel) =>
        WriteAsync(AddPlaySql, [Argument(session.Value), Argument(content.Value), Argument(play), Argument(time.GetUtcNow().ToUnixTimeMilliseconds())], cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ConnectionRecord>> NewestAsync(int limit, CancellationToken cancel) => ReadAllAsync(
        "SELECT id, at, server, key, content, part, bytes, milliseconds, status, complete FROM records ORDER BY at DESC, id LIMIT $1",
        [Argument(limit)],
        reader => new ConnectionRecord(
            reader.GetGuid(0),
            DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)),
            ServerId.From(reader.GetGuid(2)),
            KeyId.From(reader.GetGuid(3)),
            ContentId.From(reader.GetGuid(4)),
            PartId.From(reader.GetGuid(5)),
            reader.GetInt64(6),
            reader.GetInt64(7),
            reader.GetInt32(8),
            reader.GetBoolean(9)),
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ContentCounters>> ContentCountersAsync(CancellationToken cancel) => ReadAllAsync(
        "SELECT content, plays, requests, bytes FROM content_counters",
        [],
        reader => new ContentCounters(ContentId.From(reader.GetGuid(0)), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)),
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServerCounters>> ServerCountersAsync(CancellationToken cancel) => ReadAllAsync(
        "SELECT server, requests, bytes, errors FROM server_counters",
        [],
        reader => new ServerCounters(ServerId.From(reader.GetGuid(0)), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)),
        cancel);

    private static NpgsqlParameter<T[]> Column<T>(ConnectionRecord[] records, Func<ConnectionRecord, T> value) => Argument(Array.ConvertAll(records, record => value(record)));

    private async Task<Outcome<Done>> WriteAsync(string sql, NpgsqlParameter[] arguments, CancellationToken cancel)
    {
        try
        {
            await database.WriteAsync(connection => connection.ExecuteAsync(sql, [.. arguments.Select(argument => argument.Clone())], CancellationToken.None), cancel);
            return Done.Instance;
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return Refusal.Unavailable(fault.Message);
        }
    }

    private async Task<IReadOnlyList<T>> ReadAllAsync<T>(string sql, NpgsqlParameter[] arguments, Func<NpgsqlDataReader, T> read, CancellationToken cancel) =>
        await database.ReadAsync((connection, stop) => connection.QueryAsync(sql, [.. arguments.Select(argument => argument.Clone())], read, stop), cancel);
}
