using System.Data;
using Npgsql;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Data.Sqlite;
using static Scdn.Host.Data.Postgres.PostgresCommands;

namespace Scdn.Host.Data.Upkeep;

/// <summary>Looks after a store in PostgreSQL.</summary>
/// <param name="address">Where it is.</param>
/// <param name="time">The clock.</param>
internal sealed class PostgresUpkeep(PostgresAddress address, TimeProvider time) : IStoreUpkeep
{
    private static readonly TimeSpan MaxWaitForTable = TimeSpan.FromMinutes(10);

    private readonly PostgresDatabase _database = new(address, new(null), time);

    /// <inheritdoc/>
    public Task<StoreCheck> CheckAsync(CancellationToken cancel) => _database.RunAsIsAsync(
        async (connection, stop) =>
        {
            var version = await RequireStoreAsync(connection, stop);
            if (version > PostgresSchema.Newest) return new StoreCheck("postgres", $"{address}", version, PostgresSchema.Newest, new Dictionary<string, long>(), 0, 0, 0, 0, []);
            var grains = await connection.QueryAsync("SELECT kind, count(*) FROM grains GROUP BY kind ORDER BY kind", [], reader => (Kind: reader.GetString(0), Count: reader.GetInt64(1)), stop);
            var counts = (await connection.QueryAsync(
                "SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM plays), (SELECT count(*) FROM outbox)", [], reader => (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)), stop))[0];
            var hasStatistics = (await connection.QueryAsync("SELECT to_regclass('scdn.usage') IS NOT NULL", [], reader => reader.GetBoolean(0), stop))[0];
            var statistics = hasStatistics ? (await connection.QueryAsync("SELECT (SELECT count(*) FROM usage) + (SELECT count(*) FROM hourly)", [], reader => reader.GetInt64(0), stop))[0] : 0;
            var isWrong = hasStatistics && (await connection.QueryAsync(CountedOnce.Check, [], reader => reader.GetInt64(0), stop))[0] == 1;
            return new StoreCheck(
                "postgres", $"{address}", version, PostgresSchema.Newest, grains.ToDictionary(grain => grain.Kind, grain => grain.Count), counts.Item1, counts.Item2, statistics, counts.Item3, isWrong ? [CountedOnce.Fault] : []);
        },
        cancel);

    /// <inheritdoc/>
    public Task<int> MigrateAsync(CancellationToken cancel) => _database.RunAsIsAsync(PostgresSchema.MigrateAsync, cancel);

    /// <inheritdoc/>
    public Task BackUpAsync(string file, CancellationToken cancel) => BackupFile.WriteAsync(file, async growing =>
    {
        using var target = new StoreConnection(growing);
        target.Run("PRAGMA journal_mode = OFF; BEGIN");
        SqliteSchema.Migrate(target, growing);
        await _database.RunAsIsAsync(
            async (connection, stop) =>
            {
                if (await RequireStoreAsync(connection, stop) is var version && version != PostgresSchema.Newest)
                    throw new StoreException($"The store {address} has version {version}, and this program knows {PostgresSchema.Newest}: {(version > PostgresSchema.Newest ? "run a newer program" : "run 'scdn database migrate' first")}.", isTransient: false);
                // Perhaps the second time.
                foreach (var table in StoreTable.All) target.Run($"DELETE FROM {table.Name}");
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
                foreach (var table in StoreTable.All) await CopyAsync(connection, target, table, stop);
                return true;
            },
            cancel);
        target.Commit();
    });

    /// <inheritdoc/>
    public async Task RestoreAsync(string file, bool replace, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("scdn-restore-").FullName;
        try
        {
            var copy = Path.Combine(folder, "scdn.db");
            BackupFile.Prepare(file, copy, time);
            using var source = new StoreConnection(copy);
            await _database.PrepareAsync(cancel);
            // Known by it when the answer to its commit is lost.
            var epoch = Guid.NewGuid();
            await _database.RunAsIsAsync((connection, stop) => RestoreAsync(connection, source, epoch, replace, stop), cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static async Task CopyAsync(NpgsqlConnection from, StoreConnection to, StoreTable table, CancellationToken cancel)
    {
        var insert = $"INSERT INTO {table.Name}({table.ColumnList}) VALUES ({string.Join(", ", Enumerable.Range(1, table.Columns.Count).Select(number => $"${number}"))})";
#pragma warning disable CA2100 // Names of tables and columns are constants.
        await using var command = new NpgsqlCommand($"SELECT {table.ColumnList} FROM {table.Name}", from) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var row = new object[table.Columns.Count];
        while (await reader.ReadAsync(cancel))
        {
            for (var column = 0; column < row.Length; column++) row[column] = StoreColumn.ToSqlite(reader.GetValue(column));
            to.Execute(insert, row);
        }
    }

    private static async Task CopyAsync(StoreConnection from, NpgsqlConnection to, StoreTable table, CancellationToken cancel)
    {
        await using var importer = await to.BeginBinaryImportAsync($"COPY {table.Name}({table.ColumnList}) FROM STDIN (FORMAT BINARY)", cancel);
        importer.Timeout = MaxWaitForTable;
        using var reader = from.Query($"SELECT {table.ColumnList} FROM {table.Name}");
        while (reader.Read())
        {
            await importer.StartRowAsync(cancel);
            for (var column = 0; column < table.Columns.Count; column++)
            {
                if (reader.IsDBNull(column)) await importer.WriteNullAsync(cancel);
                else await importer.WriteAsync(table.Columns[column].ToPostgres(reader.GetValue(column)), table.Columns[column].Type, cancel);
            }
        }

        await importer.CompleteAsync(cancel);
    }

    private async Task<bool> RestoreAsync(NpgsqlConnection connection, StoreConnection source, Guid epoch, bool replace, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Running hosts wait at these locks, which are taken in their order, and find the new state behind them.
        await connection.ExecuteAsync($"LOCK TABLE {string.Join(", ", StoreTable.All.Select(table => table.Name))}, outbox, store", [], cancel);
        if ((await connection.QueryAsync("SELECT epoch FROM store", [], reader => reader.GetGuid(0), cancel))[0] == epoch) return true;
        var isEmpty = (await connection.QueryAsync("SELECT NOT EXISTS (SELECT 1 FROM grains)", [], reader => reader.GetBoolean(0), cancel))[0];
        if (!isEmpty && !replace) throw new StoreException($"There is a store in {address} already: give --replace to put the backup in its place.", isTransient: false);
        await connection.ExecuteAsync("TRUNCATE outbox, " + string.Join(", ", StoreTable.All.Select(table => table.Name)), [], cancel);
        foreach (var table in StoreTable.All) await CopyAsync(source, connection, table, cancel);
        await connection.ExecuteAsync("UPDATE store SET epoch = $1, pruned = pg_current_xact_id()::text::bigint", [Argument(epoch)], cancel);
        cancel.ThrowIfCancellationRequested();
        // From here on it can't be taken back.
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    private async Task<int> RequireStoreAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        await PostgresSchema.VersionAsync(connection, cancel) is > 0 and var version
            ? version
            : throw new StoreException($"There is no store in {address}: hosts make it when they start, or 'scdn database migrate' does.", isTransient: false);
}
