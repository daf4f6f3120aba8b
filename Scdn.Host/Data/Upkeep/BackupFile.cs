using Microsoft.Data.Sqlite;
using Scdn.Format;
using Scdn.Grains.ControlHosts;
using Scdn.Host.Data.Sqlite;
using Scdn.Host.Hosting;

namespace Scdn.Host.Data.Upkeep;

/// <summary>A backup: an embedded store in a file of its own, in one piece.</summary>
internal static class BackupFile
{
    /// <summary>Writes one under another name first, so that it is there whole or not at all, and only its owner can read it.</summary>
    public static async Task WriteAsync(string file, Func<string, Task> write)
    {
        var target = Path.GetFullPath(file);
        if (Path.Exists(target)) throw new IOException($"The file {target} exists already: remove it, or choose another name.");
        var growing = $"{target}.{Guid.NewGuid():N}.new";
        try
        {
            PrivateFile.Ensure(growing);
            try
            {
                await write(growing);
            }
            catch (SqliteException fault) when ((fault.SqliteErrorCode & 0xff) is SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR)
            {
                throw NoRoom(target, fault);
            }

            using (var handle = File.OpenHandle(growing, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(handle);
            DurableFolder.MoveIn(growing, target);
        }
        finally
        {
            Remove(growing);
        }
    }

    /// <summary>Opens a copy of a backup beside where it is to go, brought up to date, its feed begun anew; that it was restored is noted in it, so that the one is not without the other.</summary>
    /// <exception cref="StoreException">It is none, damaged, or of a newer program.</exception>
    public static void Prepare(string file, string copy, TimeProvider time)
    {
        if (!File.Exists(file)) throw new StoreException($"There is no file {file}: name a backup that 'scdn database backup' made.", isTransient: false);
        if (File.Exists(file + "-wal") && new FileInfo(file + "-wal").Length > 0)
            throw new StoreException($"{file} is a store that is in use, or was not closed, and not a backup: make one of it with 'scdn database backup' and restore that.", isTransient: false);
        // A copy has the mode of what it was copied from.
        PrivateFile.Ensure(copy);
        File.Copy(file, copy, overwrite: true);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var connection = new StoreConnection(copy);
        try
        {
            if (connection.Texts("PRAGMA quick_check(1)") is [var said] && said != "ok") throw new StoreException($"The backup {file} is damaged ({said}): take another one.", isTransient: false);
            connection.Run("PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE");
            SqliteSchema.Migrate(connection, file);
            connection.Execute("DELETE FROM outbox");
            FreeNames(connection);
            connection.Execute("UPDATE feed SET epoch = $1", Guid.NewGuid().ToString("D"));
            var act = CommandLineAct.New("database restore", time);
            connection.Execute(
                "INSERT INTO audit(id, at, operator, act, subject, status) VALUES ($1, $2, $3, $4, $5, $6)",
                act.Id.ToString("D"), act.At.ToUnixTimeMilliseconds(), act.Operator, act.Act, LogText.OneLine(Path.GetFileName(file)), StatusCodes.Status200OK);
            connection.Commit();
        }
        catch (SqliteException fault)
        {
            throw SqliteFault.Of(fault, file);
        }
    }

    /// <summary>Hosts of other data folders may start by the names of those that were there, which register again; keys that were removed stay so.</summary>
    private static void FreeNames(StoreConnection connection)
    {
        connection.Execute("DELETE FROM grains WHERE kind = $1 AND json_extract(state, '$.removedKeys') IS NULL", ControlHostState.Kind);
        connection.Execute("UPDATE grains SET state = json_set(state, '$.removed', coalesce(json_extract(state, '$.removed'), json_extract(state, '$.started'))) WHERE kind = $1", ControlHostState.Kind);
    }

    /// <summary>The disk took no more of it.</summary>
    public static IOException NoRoom(string file, SqliteException fault) => new($"The backup {file} can't be written ({fault.Message}): make room there, or choose another folder.", fault);

    /// <summary>Removes a file and what SQLite leaves beside it.</summary>
    public static void Remove(string path)
    {
        foreach (var suffix in (string[])["", "-wal", "-shm", "-journal"]) File.Delete(path + suffix);
    }
}
