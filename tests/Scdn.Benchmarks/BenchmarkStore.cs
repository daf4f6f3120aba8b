using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Data.Sqlite;
using Scdn.Testing;

namespace Scdn.Benchmarks;

/// <summary>A store in which every commit is on disk before it is acknowledged: a SQLite file, or a PostgreSQL server that is started for it.</summary>
internal sealed class BenchmarkStore : IAsyncDisposable
{
    private readonly List<Func<ValueTask>> _close = [];

    private BenchmarkStore(IGrainStore grains, IRecordStore records, IOutbox outbox) => (Grains, Records, Outbox) = (grains, records, outbox);

    public IGrainStore Grains { get; }

    public IRecordStore Records { get; }

    public IOutbox Outbox { get; }

    public static async Task<BenchmarkStore> OpenAsync(string engine)
    {
        if (engine == "sqlite")
        {
            var folder = new TempFolder();
            var file = SqliteDatabase.Open(folder["scdn.db"], TimeProvider.System);
            var sequence = new SqliteOutbox(file, TimeProvider.System);
            return new(new SqliteGrainStore(file, TimeProvider.System), new SqliteRecordStore(file, TimeProvider.System), sequence) { _close = { Close(sequence), Close(file), Close(folder) } };
        }

        var server = await PostgresServer.StartAsync("fsync=on", "shared_buffers=256MB");
        if (!PostgresAddress.TryParse(await server.MakeDatabaseAsync(), out var address, out var fault)) throw new InvalidOperationException(fault);
        var database = new PostgresDatabase(address, new(null), TimeProvider.System);
        await database.PrepareAsync(default);
        var outbox = new PostgresOutbox(database, TimeProvider.System);
        return new(new PostgresGrainStore(database, TimeProvider.System), new PostgresRecordStore(database, TimeProvider.System), outbox) { _close = { outbox.DisposeAsync, database.DisposeAsync, server.DisposeAsync } };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var close in _close) await close();
    }

    private static Func<ValueTask> Close(IDisposable what) => () =>
    {
        what.Dispose();
        return ValueTask.CompletedTask;
    };
}
