using Microsoft.Data.Sqlite;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;

namespace Scdn.Host.Data;

/// <summary>
/// Connection records and plays with their statistics, beside the grains in the same file. A record or play is known by its id, so that what comes twice
/// is kept and counted once; its counters move in the same transaction.
/// </summary>
internal sealed class RecordStore(Database database, TimeProvider time)
{
    /// <summary>Keeps records; granted when they are on disk.</summary>
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

    /// <summary>Counts a play of a content, once for each play id of it in a session; granted when it is on disk.</summary>
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

    /// <summary>The newest records, the newest first.</summary>
    public IReadOnlyList<ConnectionRecord> Newest(int limit) => database.Read(connection => ReadAll(
        connection,
        "SELECT id, at, server, key, content, part, bytes, milliseconds, status, complete FROM records ORDER BY at DESC, id LIMIT $1",
        ReadRecord,
        limit));

    /// <summary>What was counted for each content.</summary>
    public IReadOnlyList<ContentCounters> ContentCounters() => database.Read(connection => ReadAll(
        connection,
        "SELECT content, plays, requests, bytes FROM content_counters",
        reader => new ContentCounters(Id<ContentId>(reader, 0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3))));

    /// <summary>What was counted for each content server.</summary>
    public IReadOnlyList<ServerCounters> ServerCounters() => database.Read(connection => ReadAll(
        connection,
        "SELECT server, requests, bytes, errors FROM server_counters",
        reader => new ServerCounters(Id<ServerId>(reader, 0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3))));

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

    private static List<T> ReadAll<T>(StoreConnection connection, string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> arguments)
    {
        using var reader = connection.Query(sql, arguments);
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    private static TId Id<TId>(SqliteDataReader reader, int column)
        where TId : struct, IGuidId<TId> => TId.From(Guid.Parse(reader.GetString(column)));

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

/// <summary>What was counted for a content since the beginning.</summary>
internal sealed record ContentCounters(ContentId Content, long Plays, long Requests, long Bytes);

/// <summary>What was counted for a content server since the beginning; errors are requests that were refused or failed (status 400 and above).</summary>
internal sealed record ServerCounters(ServerId Server, long Requests, long Bytes, long Errors);
