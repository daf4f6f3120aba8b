using Npgsql;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Host.Data.Statistics;
using static Scdn.Host.Data.Postgres.PostgresCommands;

namespace Scdn.Host.Data.Postgres;

/// <summary>Records, plays and what is counted from them, in PostgreSQL.</summary>
internal sealed class PostgresRecordStore(PostgresDatabase database, TimeProvider time) : IRecordStore
{
    private const int SliceSize = 1000;

    private const string AddSql =
        """
        INSERT INTO records(id, at, server, key, content, part, bytes, milliseconds, status, complete, account, requests) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (id) DO NOTHING RETURNING id
        """;

    private const string AddPlaySql =
        """
        WITH fresh AS (INSERT INTO plays(session, content, play, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING at)
        INSERT INTO new_plays(at, content, account) SELECT at, $5, $6 FROM fresh
        """;

    // Two hosts that count at the same time take different ones.
    private const string TakePlaysSql = "DELETE FROM new_plays WHERE ctid = ANY(ARRAY(SELECT ctid FROM new_plays LIMIT $1 FOR UPDATE SKIP LOCKED)) RETURNING at, content, account";

    // Locked, so that of two reports of one play the second knows what the first has counted.
    private const string FindPlaySql = "SELECT at FROM plays WHERE session = $1 AND content = $2 AND play = $3 FOR UPDATE";

    private const string FindReportSql = "SELECT report FROM reports WHERE session = $1 AND content = $2 AND play = $3";

    private const string AddReportSql =
        "INSERT INTO reports(session, content, play, begun, at, account, report) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (session, content, play) DO UPDATE SET at = excluded.at, report = excluded.report";

    // Shared, so that the horizon is raised only behind all who have read it.
    private const string HorizonSql = "SELECT at FROM horizons WHERE name = 'records' FOR SHARE";

    private const string RaiseSql = "UPDATE horizons SET at = greatest(at, $1) WHERE name = 'records' RETURNING at";

    /// <inheritdoc/>
    public async Task<Outcome<LateRecords>> AddAsync(IReadOnlyList<FreshRecord> records, CancellationToken cancel)
    {
        try
        {
            var late = 0;
            foreach (var slice in records.Chunk(SliceSize))
            {
                // In the order of their ids, so that two hosts that are told the same don't wait for each other crosswise.
                var ordered = slice.OrderBy(record => record.Record.Id).ToArray();
                late += await database.WriteAsync(connection => AddAsync(connection, ordered, CancellationToken.None), cancel);
            }

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
            var at = time.GetUtcNow().ToUnixTimeMilliseconds();
            await database.WriteAsync(
                connection => connection.ExecuteAsync(
                    AddPlaySql, [Argument(session.Value), Argument(content.Value), Argument(play), Argument(at), Argument(content.ToString()), Argument(user)], CancellationToken.None),
                cancel);
            return Done.Instance;
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
            return await database.WriteAsync(connection => AddReportAsync(connection, report, CancellationToken.None), cancel);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            return fault.ToRefusal();
        }
    }

    /// <inheritdoc/>
    public async Task CountPlaysAsync(CancellationToken cancel)
    {
        while (await database.WriteAsync(connection => CountPlaysAsync(connection, CancellationToken.None), cancel) == SliceSize)
        {
        }
    }

    /// <inheritdoc/>
    public Task PruneAsync(RecordRetention keep, CancellationToken cancel) => Pruning.RunAsync(
        keep,
        time.GetUtcNow(),
        async horizon => (await database.WriteAsync(connection => connection.QueryAsync(RaiseSql, [Argument(horizon)], reader => reader.GetInt64(0), CancellationToken.None), cancel))[0],
        (table, before) => database.WriteAsync(
            connection => connection.ExecuteAsync(
                $"DELETE FROM {table.Name} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table.Name} WHERE {table.Old} LIMIT {PrunedTable.PageSize} FOR UPDATE SKIP LOCKED))", [Argument(before)], CancellationToken.None),
            cancel));

    private static async Task<int> AddAsync(NpgsqlConnection connection, FreshRecord[] records, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var horizon = (await connection.QueryAsync(HorizonSql, [], reader => reader.GetInt64(0), cancel))[0];
        var inTime = Array.FindAll(records, record => record.Record.At.ToUnixTimeMilliseconds() >= horizon);
        var added = (await connection.QueryAsync(
            AddSql,
            [
                Column(inTime, record => record.Record.Id), Column(inTime, record => record.Record.At.ToUnixTimeMilliseconds()), Column(inTime, record => record.Record.Server.Value),
                Column(inTime, record => record.Record.Key.GetValueOrDefault().Value), Column(inTime, record => record.Record.Content.GetValueOrDefault().Value), Column(inTime, record => record.Record.Part.GetValueOrDefault().Value), Column(inTime, record => record.Record.Bytes),
                Column(inTime, record => record.Record.Milliseconds), Column(inTime, record => record.Record.Status), Column(inTime, record => record.Record.Complete), Column(inTime, record => record.User), Column(inTime, record => record.Record.Requests),
            ],
            reader => reader.GetGuid(0),
            cancel)).ToHashSet();
        // One that is in the batch twice, too, is counted once.
        var fresh = inTime.Where(record => added.Remove(record.Record.Id)).ToList();
        if (fresh.Count > 0)
        {
            var tally = new UsageTally();
            foreach (var record in fresh) tally.Add(record);
            await PostgresUsage.AddPresenceAsync(connection, Presence.Of(fresh), tally, cancel);
            await PostgresUsage.AddAsync(connection, tally, cancel);
        }

        await transaction.CommitAsync(cancel);
        return records.Length - inTime.Length;
    }

    private async Task<Outcome<Done>> AddReportAsync(NpgsqlConnection connection, FreshReport fresh, CancellationToken cancel)
    {
        var report = fresh.Report;
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await connection.QueryAsync(FindPlaySql, Play(), reader => reader.GetInt64(0), cancel) is not [var begun]) return ToldPlay.NoSuch(report);
        var before = ToldPlay.Read((await connection.QueryAsync(FindReportSql, Play(), reader => reader.GetString(0), cancel)).SingleOrDefault());
        if (!ToldPlay.IsNews(report, before)) return Done.Instance;
        await connection.ExecuteAsync(
            AddReportSql, [.. Play(), Argument(begun), Argument(time.GetUtcNow().ToUnixTimeMilliseconds()), Argument(fresh.User), Argument(ToldPlay.Write(report))], cancel);
        var tally = new UsageTally();
        tally.AddReport(begun, fresh, before);
        await PostgresUsage.AddAsync(connection, tally, cancel);
        await transaction.CommitAsync(cancel);
        return Done.Instance;

        NpgsqlParameter[] Play() => [Argument(fresh.Session.Value), Argument(report.Content.Value), Argument(report.Play)];
    }

    private static async Task<int> CountPlaysAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var taken = await connection.QueryAsync(TakePlaysSql, [Argument((long)SliceSize)], reader => (At: reader.GetInt64(0), Content: reader.GetString(1), User: reader.GetString(2)), cancel);
        var tally = new UsageTally();
        foreach (var play in taken) tally.AddPlay(play.At, play.Content, play.User);
        if (taken.Count > 0) await PostgresUsage.AddAsync(connection, tally, cancel);
        await transaction.CommitAsync(cancel);
        return taken.Count;
    }
}
