using Scdn.Grains.Storage;
using Scdn.Host.Data.Postgres;
using Scdn.Host.Data.Sqlite;

namespace Scdn.Host.Data;

/// <summary>The grains of a store, opened by a command that runs beside the hosts.</summary>
internal sealed class OpenGrains : IAsyncDisposable
{
    private readonly Func<ValueTask> _close;

    private OpenGrains(IGrainStore grains, IAuditLog audit, Func<ValueTask> close) => (Grains, Audit, _close) = (grains, audit, close);

    /// <summary>They.</summary>
    public IGrainStore Grains { get; }

    /// <summary>What operators did, in the same store.</summary>
    public IAuditLog Audit { get; }

    /// <summary>Opens them.</summary>
    /// <param name="folder">A control host's data folder.</param>
    /// <param name="address">The database; null: the file in the folder.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="StoreException">The store can't be used.</exception>
    public static OpenGrains Open(string folder, PostgresAddress? address, TimeProvider time)
    {
        if (address is not null)
        {
            var server = new PostgresDatabase(address, new(null), time);
            return new(new PostgresGrainStore(server, time), new PostgresAuditLog(server), server.DisposeAsync);
        }

        var path = StoreFile.In(folder);
        if (!File.Exists(path)) throw new StoreException($"There is no store {path}: name the database that the hosts use with --database.", isTransient: false);
        var database = SqliteDatabase.Open(path, time);
        return new(new SqliteGrainStore(database, time), new SqliteAuditLog(database), () =>
        {
            database.Dispose();
            return ValueTask.CompletedTask;
        });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _close();
}
