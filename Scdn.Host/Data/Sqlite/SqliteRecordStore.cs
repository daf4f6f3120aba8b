using Scdn.Format;
using Scdn.Grains;
using Scdn.Host.Data.Statistics;

namespace Scdn.Host.Data.Sqlite;

/// <summary>Records, plays and what is counted from them, in SQLite.</summary>
internal sealed class SqliteRecordStore(SqliteDatabase database, TimeProvider time) : IRecordStore
{
    private const int SliceSize = 1000;

    /// <inheritdoc/>
    public async Task<Outcome<LateRecords>> AddAsync(IReadOnlyList<FreshRecord> records, CancellationToken cancel)
    {
        try
        {
            var late = 0;
            // In slices, so that other changes need not wait for long. Repeating the whole after a fault counts nothing twice.
            foreach (var slice in records.Chunk(SliceSize)) late += await database.Gate.WriteAsync(connection => Add(connection, slice), cancel);
            return new LateRecords(late);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return fault.ToRefusal();
        }
    }

    /// <inheritdoc/>
    public async Task<Outcome<Done>> AddPlayAsync(SessionId session, Guid play, ContentId content, string user, CancellationToken cancel)
    {
        try
        {
            return await database.Gate.WriteAsync(connection => AddPlay(connection, session, play, content, user), cancel);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return fault.ToRefusal();
        }
    }

    /// <inheritdoc/>
    public async Task<Outcome<Done>> AddReportAsync(FreshReport report, CancellationToken cancel)
    {
        try
        {
            return await database.Gate.WriteAsync(connection => AddReport(connection, report), cancel);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return fault.ToRefusal();
        }
    }

    /// <inheritdoc/>
    public async Task CountPlaysAsync(CancellationToken cancel)
    {
        while (database.Read(connection => connection.Scalar("SELECT EXISTS (SELECT 1 FROM new_plays)")) == 1) await database.Gate.WriteAsync(CountPlays, cancel);
    }

    /// <inheritdoc/>
    public Task PruneAsync(RecordRetention keep, CancellationToken cancel) => Pruning.RunAsync(
        keep,
        time.GetUtcNow(),
        horizon => database.Gate.WriteAsync(
            connection =>
            {
                if (Horizon(connection) is var before && before >= horizon) return before;
                connection.Execute("UPDATE horizons SET at = $1 WHERE name = 'records'", horizon);
                return horizon;
            },
            cancel),
        (table, before) => database.Gate.WriteAsync(
            connection => connection.Execute($"DELETE FROM {table.Name} WHERE ({table.Keys}) IN (SELECT {table.Keys} FROM {table.Name} WHERE {table.Old} LIMIT {PrunedTable.PageSize})", before), cancel));

    private static int Add(StoreConnection connection, FreshRecord[] records)
    {
        var horizon = Horizon(connection);
        var inTime = records.Where(record => record.Record.At.ToUnixTimeMilliseconds() >= horizon).ToList();
        var fresh = inTime.Where(record => Insert(connection, record)).ToList();
        var tally = new UsageTally();
        foreach (var record in fresh) tally.Add(record);
        SqliteUsage.AddPresence(connection, Presence.Of(fresh), tally);
        SqliteUsage.Add(connection, tally);
        return records.Length - inTime.Count;
    }

    private static bool Insert(StoreConnection connection, FreshRecord fresh) => connection.Execute(
        """
        INSERT INTO records(id, at, server, key, content, part, bytes, milliseconds, status, complete, account, requests)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT(id) DO NOTHING
        """,
        fresh.Record.Id.ToString("D"),
        fresh.Record.At.ToUnixTimeMilliseconds(),
        fresh.Record.Server.ToString(),
        fresh.Record.Key.GetValueOrDefault().ToString(),
        fresh.Record.Content.GetValueOrDefault().ToString(),
        fresh.Record.Part.GetValueOrDefault().ToString(),
        fresh.Record.Bytes,
        fresh.Record.Milliseconds,
        fresh.Record.Status,
        fresh.Record.Complete,
        fresh.User,
        fresh.Record.Requests) == 1;

    private static long Horizon(StoreConnection connection) => connection.Scalar("SELECT at FROM horizons WHERE name = 'records'");

    private static int CountPlays(StoreConnection connection)
    {
        var (tally, last, count) = (new UsageTally(), 0L, 0);
        using (var reader = connection.Query("SELECT rowid, at, content, account FROM new_plays ORDER BY rowid LIMIT $1", (long)SliceSize))
        {
            for (; reader.Read(); count++)
            {
                last = reader.GetInt64(0);
                tally.AddPlay(reader.GetInt64(1), reader.GetString(2), reader.GetString(3));
            }
        }

        connection.Execute("DELETE FROM new_plays WHERE rowid <= $1", last);
        SqliteUsage.Add(connection, tally);
        return count;
    }

    private Outcome<Done> AddReport(StoreConnection connection, FreshReport fresh)
    {
        var report = fresh.Report;
        var (session, content, play) = (fresh.Session.ToString(), report.Content.ToString(), report.Play.ToString("D"));
        if (connection.Scalar("SELECT at FROM plays WHERE session = $1 AND content = $2 AND play = $3", session, content, play) is not (> 0 and var begun)) return ToldPlay.NoSuch(report);
        var before = ToldPlay.Read(connection.Text("SELECT report FROM reports WHERE session = $1 AND content = $2 AND play = $3", session, content, play));
        if (!ToldPlay.IsNews(report, before)) return Done.Instance;
        connection.Execute(
            "INSERT INTO reports(session, content, play, begun, at, account, report) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (session, content, play) DO UPDATE SET at = excluded.at, report = excluded.report",
            session, content, play, begun, time.GetUtcNow().ToUnixTimeMilliseconds(), fresh.User, ToldPlay.Write(report));
        var tally = new UsageTally();
        tally.AddReport(begun, fresh, before);
        SqliteUsage.Add(connection, tally);
        return Done.Instance;
    }

    private Done AddPlay(StoreConnection connection, SessionId session, Guid play, ContentId content, string user)
    {
        var at = time.GetUtcNow().ToUnixTimeMilliseconds();
        var isFresh = connection.Execute(
            "INSERT INTO plays(session, content, play, at) VALUES ($1, $2, $3, $4) ON CONFLICT(session, content, play) DO NOTHING", session.ToString(), content.ToString(), play.ToString("D"), at) == 1;
        if (isFresh) connection.Execute("INSERT INTO new_plays(at, content, account) VALUES ($1, $2, $3)", at, content.ToString(), user);
        return Done.Instance;
    }
}
