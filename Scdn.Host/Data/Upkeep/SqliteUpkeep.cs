using Microsoft.Data.Sqlite;
using Scdn.Format;
using Scdn.Host.Data.Sqlite;

namespace Scdn.Host.Data.Upkeep;

/// <summary>Looks after the embedded store.</summary>
/// <param name="path">Its file.</param>
/// <param name="time">The clock.</param>
internal sealed class SqliteUpkeep(string path, TimeProvider time) : IStoreUpkeep
{
    /// <inheritdoc/>
    public Task<StoreCheck> CheckAsync(CancellationToken cancel) => Task.FromResult(Look(connection =>
    {
        var faults = connection.Texts("PRAGMA integrity_check(20)").Where(said => said != "ok").Select(said => $"The file is damaged: {said}.").ToList();
        var version = (int)connection.Scalar("PRAGMA user_version");
        if (faults.Count > 0 || version > SqliteSchema.Newest) return new StoreCheck("sqlite", path, version, SqliteSchema.Newest, new Dictionary<string, long>(), 0, 0, 0, 0, faults);
        var grains = connection.Texts("SELECT DISTINCT kind FROM grains ORDER BY kind").ToDictionary(kind => kind, kind => connection.Scalar("SELECT COUNT(*) FROM grains WHERE kind = $1", kind));
        var hasStatistics = connection.HasTable("usage");
        if (hasStatistics && connection.Scalar(CountedOnce.Check) == 1) faults.Add(CountedOnce.Fault);
        var statistics = hasStatistics ? Count(connection, "usage") + Count(connection, "hourly") : 0;
        return new StoreCheck("sqlite", path, version, SqliteSchema.Newest, grains, Count(connection, "records"), Count(connection, "plays"), statistics, Count(connection, "outbox"), faults);
    }));

    /// <inheritdoc/>
    public Task<int> MigrateAsync(CancellationToken cancel)
    {
        var before = File.Exists(path) ? Look(connection => (int)connection.Scalar("PRAGMA user_version")) : 0;
        SqliteDatabase.Open(path, time).Dispose();
        return Task.FromResult(before);
    }

    /// <inheritdoc/>
    public Task BackUpAsync(string file, CancellationToken cancel) => BackupFile.WriteAsync(file, growing =>
    {
        Look(connection =>
        {
            if (connection.Scalar("PRAGMA application_id") != SqliteSchema.ApplicationId) throw SqliteFault.NotAStore(path);
            using var ending = cancel.Register(connection.Interrupt);
            try
            {
                return connection.Execute("VACUUM INTO $1", growing);
            }
            catch (SqliteException) when (cancel.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancel);
            }
            catch (SqliteException fault) when ((fault.SqliteErrorCode & 0xff) is SQLitePCL.raw.SQLITE_FULL)
            {
                // Not the store's disk.
                throw BackupFile.NoRoom(file, fault);
            }
        });
        return Task.CompletedTask;
    });

    /// <inheritdoc/>
    public Task RestoreAsync(string file, bool replace, CancellationToken cancel)
    {
        if (!replace && File.Exists(path) && Look(connection => connection.HasTable("grains") && Count(connection, "grains") > 0))
            throw new StoreException($"There is a store in {path} already: give --replace to put the backup in its place.", isTransient: false);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var copy = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            BackupFile.Prepare(file, copy, time);
            using (var handle = File.OpenHandle(copy, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(handle);
            cancel.ThrowIfCancellationRequested();
            RequireUnused();
            DurableFolder.MoveOver(copy, path);
        }
        finally
        {
            BackupFile.Remove(copy);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Every host that has the store open holds a shared lock on it.</summary>
    private void RequireUnused()
    {
        if (!File.Exists(path)) return;
        try
        {
            using (var connection = new StoreConnection(path))
            {
                connection.Run("PRAGMA locking_mode = EXCLUSIVE");
                if (!connection.TryBeginWriting()) throw InUse();
                connection.Commit();
                connection.Run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
            }
        }
        catch (SqliteException fault) when ((fault.SqliteErrorCode & 0xff) is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
        {
            // That is why it is replaced.
        }
        catch (SqliteException fault)
        {
            throw SqliteFault.Of(fault, path);
        }

        // Else what stands there would be taken for the new store's.
        foreach (var suffix in (string[])["-wal", "-shm", "-journal"]) File.Delete(path + suffix);
    }

    private StoreException InUse() => new($"The store {path} is in use: stop the hosts first ('scdn cluster down').", isTransient: false);

    private static long Count(StoreConnection connection, string table) => connection.Scalar($"SELECT COUNT(*) FROM {table}");

    private T Look<T>(Func<StoreConnection, T> look)
    {
        if (!File.Exists(path)) throw new StoreException($"There is no store {path}: name the folder of a control host with --data.", isTransient: false);
        try
        {
            using var connection = new StoreConnection(path);
            return look(connection);
        }
        catch (SqliteException fault)
        {
            throw SqliteFault.Of(fault, path);
        }
    }
}
