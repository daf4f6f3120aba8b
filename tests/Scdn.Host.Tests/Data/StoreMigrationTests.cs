using Scdn.Format;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Data.Sqlite;
using Scdn.Host.Data.Statistics;
using Scdn.Testing;

namespace Scdn.Host.Tests.Data;

/// <summary>Stores of older programs.</summary>
[CancelAfter(60_000)]
internal sealed class StoreMigrationTests
{
    private static readonly ContentId Film = ContentId.New();
    private static readonly ContentId Course = ContentId.New();
    private static readonly ServerId Server = ServerId.New();

    /// <summary>What a program of version 2 had counted of three requests, one of which failed, and two plays.</summary>
    private static readonly string Counted =
        $"""
        INSERT INTO records(id, at, server, key, content, part, bytes, milliseconds, status, complete) VALUES
            ('{Guid.NewGuid()}', 1, '{Server}', '{Guid.NewGuid()}', '{Film}', '{Guid.NewGuid()}', 100, 5, 206, true), ('{Guid.NewGuid()}', 2, '{Server}', '{Guid.NewGuid()}', '{Film}', '{Guid.NewGuid()}', 0, 5, 404, true),
            ('{Guid.NewGuid()}', 3, '{Server}', '{Guid.NewGuid()}', '{Course}', '{Guid.NewGuid()}', 30, 5, 206, true);
        INSERT INTO content_counters(content, plays, requests, bytes) VALUES ('{Film}', 2, 2, 100), ('{Course}', 0, 1, 30);
        INSERT INTO server_counters(server, requests, bytes, errors) VALUES ('{Server}', 3, 130, 1);
        """;

    [Test]
    public async Task What_was_counted_in_sqlite_stays_counted()
    {
        using var folder = new TempFolder();
        using (var connection = new StoreConnection(folder["scdn.db"]))
        {
            foreach (var step in SqliteSchema.Steps.Take(2)) connection.Run(step);
            connection.Run($"PRAGMA application_id = {SqliteSchema.ApplicationId}; PRAGMA user_version = 2; INSERT INTO feed VALUES ('{Guid.NewGuid()}'); {Counted}");
        }

        using var database = SqliteDatabase.Open(folder["scdn.db"], TimeProvider.System);
        await CheckAsync(new SqliteReader(database));
    }

    [Test]
    public async Task What_was_counted_in_postgres_stays_counted(CancellationToken cancel)
    {
        Assert.That(PostgresAddress.TryParse(await SharedPostgres.MakeDatabaseAsync(), out var address, out _));
        await using var database = new PostgresDatabase(address!, new(null), TimeProvider.System);
        await database.RunAsIsAsync(
            async (connection, stop) =>
            {
                await connection.ExecuteAsync("CREATE SCHEMA scdn", [], stop);
                foreach (var step in PostgresSchema.Steps.Take(2)) await connection.ExecuteAsync(step, [], stop);
                return await connection.ExecuteAsync($"UPDATE scdn.store SET version = 2; {Counted}", [], stop);
            },
            cancel);

        await CheckAsync(new PostgresReader(database));
    }

    private static async Task CheckAsync(IStoreReader reader)
    {
        var statistics = new StatisticsReader(reader);
        var query = new StatisticsQuery(StatisticsBy.Content, null, null, null, null, null, 10);
        Assert.That(await statistics.RowsAsync(query, default), Is.EqualTo(new[] { ($"{Film}", new Counts(2, 100, 1, 2, 0)), ($"{Course}", new Counts(1, 30, 0, 0, 0)) }));
        Assert.That(await statistics.RowsAsync(query with { By = StatisticsBy.Server }, default), Is.EqualTo(new[] { ($"{Server}", new Counts(3, 130, 1, 0, 0)) }));
        Assert.That(await statistics.TotalAsync(query, default), Is.EqualTo(new Counts(3, 130, 1, 2, 0)));
        Assert.That((await new RecordReader(reader).ListAsync(new(null, null, null, null, null, null, 10), default)).Select(record => (record.User, record.Record.Bytes)), Is.EqualTo(new[] { ("", 30L), ("", 0L), ("", 100L) }));
    }
}
