using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Data.Sqlite;
using Scdn.Testing;

namespace Scdn.Benchmarks;

/// <summary>A store as a process has it open.</summary>
internal sealed class BenchmarkStore : IAsyncDisposable
{
    private readonly List<Func<ValueTask>> _close = [];

    private BenchmarkStore(IGrainStore grains, IRecordStore records, IHeaderStore headers, IOutbox outbox) => (Grains, Records, Headers, Outbox) = (grains, records, headers, outbox);

    public IGrainStore Grains { get; }

    public IRecordStore Records { get; }

    public IHeaderStore Headers { get; }

    public IOutbox Outbox { get; }

    /// <summary>Opens a SQLite file, or a PostgreSQL database by its address.</summary>
    public static async Task<BenchmarkStore> OpenAsync(string place)
    {
        if (!PostgresAddress.TryParse(place, out var address, out _))
        {
            var file = SqliteDatabase.Open(place, TimeProvider.System);
            var sequence = new SqliteOutbox(file, TimeProvider.System);
            return new(new SqliteGrainStore(file, TimeProvider.System), new SqliteRecordStore(file, TimeProvider.System), new SqliteHeaderStore(file), sequence) { _close = { Close(sequence), Close(file) } };
        }

        var database = new PostgresDatabase(address, new(null), TimeProvider.System);
        await database.PrepareAsync(default);
        var outbox = new PostgresOutbox(database, TimeProvider.System);
        return new(new PostgresGrainStore(database, TimeProvider.System), new PostgresRecordStore(database, TimeProvider.System), new PostgresHeaderStore(database), outbox) { _close = { outbox.DisposeAsync, database.DisposeAsync } };
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

/// <summary>A place for a fresh store in which every commit is on disk before it is acknowledged: a folder, or a PostgreSQL server that is started for it.</summary>
internal sealed class BenchmarkPlace : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PostgresServer? _server;

    private BenchmarkPlace(PostgresServer? server) => _server = server;

    public static async Task<BenchmarkPlace> MakeAsync(string engine) => new(engine == "postgres" ? await PostgresServer.StartAsync("fsync=on", "autovacuum=on", "shared_buffers=256MB") : null);

    /// <summary>The path or address of a fresh store.</summary>
    public async Task<string> NewStoreAsync() => _server is null ? _folder["scdn.db"] : await _server.MakeDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }
}
