using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Scdn.Format;

namespace Scdn.Host.Data.Sqlite;

/// <summary>The store's one file, shared by all control processes of a machine: reading by many connections, writing through one gate.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private static readonly TimeSpan MaxWaitAtStart = TimeSpan.FromSeconds(30);

    private readonly string _path;
    private readonly ConcurrentBag<StoreConnection> _readers = [];
    private bool _disposed;

    private SqliteDatabase(string path, Guid epoch, TimeProvider time)
    {
        (_path, Epoch) = (path, epoch);
        Gate = new WriteGate(path, time);
    }

    /// <summary>The feed's epoch: made with the store.</summary>
    public Guid Epoch { get; }

    /// <summary>The only way to write.</summary>
    public WriteGate Gate { get; }

    /// <summary>Opens the store, which is made or brought up to date first.</summary>
    /// <exception cref="StoreException">It can't be used; the message says why.</exception>
    public static SqliteDatabase Open(string path, TimeProvider time)
    {
        try
        {
            MakeFile(path);
            using var connection = new StoreConnection(path);
            return new SqliteDatabase(path, Prepare(connection, path, time), time);
        }
        catch (SqliteException fault)
        {
            throw SqliteFault.Of(fault, path);
        }
    }

    /// <summary>Reads.</summary>
    public T Read<T>(Func<StoreConnection, T> read)
    {
        try
        {
            if (!_readers.TryTake(out var connection)) connection = new StoreConnection(_path);
            try
            {
                var value = read(connection);
                GiveBack(connection);
                return value;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (SqliteException fault)
        {
            throw SqliteFault.Of(fault, _path);
        }
    }

    /// <summary>A connection of the caller's own, to read from.</summary>
    public StoreConnection Connect() => new(_path);

    /// <summary>Finishes what waits to be written, then closes.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        Gate.Dispose();
        Volatile.Write(ref _disposed, true);
        while (_readers.TryTake(out var connection)) connection.Dispose();
    }

    private static void MakeFile(string path)
    {
        try
        {
            // It holds password hashes and sealed keys. SQLite gives the file's companions the same mode.
            PrivateFile.Ensure(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The store '{path}' can't be opened: {fault.Message}", isTransient: false, fault);
        }
    }

    private static Guid Prepare(StoreConnection connection, string path, TimeProvider time)
    {
        _ = connection.Run("PRAGMA journal_mode = WAL");
        WriteGate.Begin(connection, path, MaxWaitAtStart, time);
        try
        {
            SqliteSchema.Migrate(connection, path);
            connection.Commit();
        }
        finally
        {
            connection.RollBack();
        }

        using var reader = connection.Query("SELECT epoch FROM feed");
        _ = reader.Read();
        return Guid.Parse(reader.GetString(0));
    }

    private void GiveBack(StoreConnection connection)
    {
        _readers.Add(connection);
        // Disposing may have passed over it in between.
        if (Volatile.Read(ref _disposed) && _readers.TryTake(out var late)) late.Dispose();
    }
}
