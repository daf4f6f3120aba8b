using Microsoft.Data.Sqlite;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;

namespace Scdn.Host.Data.Sqlite;

/// <summary>Records, plays and what is counted from them, in SQLite.</summary>
internal sealed class SqliteRecordStore(SqliteDatabase database, TimeProvider time) : IRecordStore
{
    /// <inheritdoc/>
    public async Task<Outcome<Done>> AddAsync(IReadOnlyList<ConnectionRecord> records, CancellationToken cancel)
    {
        try
        {
            // In slices, so that other changes need not wait for long. Repeating the whole after a fault counts nothing twice.
            foreach (var slice in records.Chunk(1000)) await database.Gate.WriteAsync(connection => Add(connection, slice), cancel);
            return Done.Instance;
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return Refusal.Unavailable(fault.Message);
        }
    }

    /// <inheritdoc/>
    public async Task<Outcome<Done>> AddPlayAsync(SessionId session, Guid play, ContentId content, CancellationToken cancel)
    {
        try
        {
            return await database.Gate.WriteAsync(connection => AddPlay(connection, session, play, content), cancel);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return Refusal.Unavailable(fault.Message);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ConnectionRecord>> NewestAsync(int limit, CancellationToken cancel) => ReadAllAsync(
        "SELECT id, at, server, key, content, part, bytes, milliseconds, status, complete FROM records ORDER BY at DESC, id LIMIT $1", ReadRecord, limit);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ContentCounters>> ContentCountersAsync(CancellationToken cancel) => ReadAllAsync(
        "SELECT content, plays, requests, bytes FROM content_counters",
        reader => new ContentCounters(Id<ContentId>(reader, 0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServerCounters>> ServerCountersAsync(CancellationToken cancel) => ReadAllAsync(
        "SELECT server, requests, bytes, errors FROM server_counters",
        reader => new ServerCounters(Id<ServerId>(reader, 0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));

    private static Done Add(StoreConnection connection, IReadOnlyList<ConnectionRecord> records)
    {
        var fresh = records.Where(record => Insert(connection, record)).ToList();
        foreach (var content in fresh.GroupBy(record => record.Content))
        {
            connection.Execute(
                """
                INSERT INTO content_counters(content, requests, bytes) VALUES ($1, $2, $3)
                ON CONFLICT(content) DO UPDATE SET requests = requests + excluded.requests, bytes = bytes + excluded.bytes
                """,
                content.Key.ToString(), content.Count(), content.Sum(record => record.Bytes));
        }

        foreach (var server in fresh.GroupBy(record => record.Server))
        {
            connection.Execute(
                """
                INSERT INTO server_counters(server, requests, bytes, errors) VALUES ($1, $2, $3, $4)
                ON CONFLICT(server) DO UPDATE SET
                    requests = requests + excluded.requests, bytes = bytes + excluded.bytes, errors = errors + excluded.errors
                """,
                server.Key.ToString(), server.Count(), server.Sum(record => record.Bytes), server.Count(record => record.Status >= 400));
        }

        return Done.Instance;
    }

    private static bool Insert(StoreConnection connection, ConnectionRecord record) => connection.Execute(
        """
        INSERT INTO records(id, at, server, key, content, part, bytes, milliseconds, status, complete)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT(id) DO NOTHING
        """,
        record.Id.ToString("D"),
        record.At.ToUnixTimeMilliseconds(),
        record.Server.ToString(),
        record.Key.ToString(),
        record.Content.ToString(),
        record.Part.ToString(),
        record.Bytes,
        record.Milliseconds,
        record.Status,
        record.Complete) == 1;

    private static ConnectionRecord ReadRecord(SqliteDataReader reader) => new(
        Guid.Parse(reader.GetString(0)),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)),
        Id<ServerId>(reader, 2),
        Id<KeyId>(reader, 3),
        Id<ContentId>(reader, 4),
        Id<PartId>(reader, 5),
        reader.GetInt64(6),
        reader.GetInt64(7),
        reader.GetInt32(8),
        reader.GetBoolean(9));

    private static TId Id<TId>(SqliteDataReader reader, int column)
        where TId : struct, IGuidId<TId> => TId.From(Guid.Parse(reader.GetString(column)));

    private Task<IReadOnlyList<T>> ReadAllAsync<T>(string sql, Func<SqliteDataReader, T> read, params object[] arguments) => Task.FromResult<IReadOnlyList<T>>(database.Read(connection =>
    {
        using var reader = connection.Query(sql, arguments);
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }));

    private Done AddPlay(StoreConnection connection, SessionId session, Guid play, ContentId content)
    {
        var isFresh = connection.Execute(
            "INSERT INTO plays(session, content, play, at) VALUES ($1, $2, $3, $4) ON CONFLICT(session, content, play) DO NOTHING",
            session.ToString(), content.ToString(), play.ToString("D"), time.GetUtcNow().ToUnixTimeMilliseconds()) == 1;
        if (isFresh)
        {
            connection.Execute(
                "INSERT INTO content_counters(content, plays) VALUES ($1, 1) ON CONFLICT(content) DO UPDATE SET plays = plays + 1", content.ToString());
        }

        return Done.Instance;
    }
}
