using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Scdn.Host.Data.Sqlite;

/// <summary>What SQLite says of its file, as a sentence about the store.</summary>
internal static class SqliteFault
{
    public static StoreException Of(SqliteException fault, string path) => (fault.SqliteErrorCode & 0xff) switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Busy(path),
        raw.SQLITE_FULL => new($"The store '{path}' can't be written: its disk is full; make room there.", isTransient: true, fault),
        raw.SQLITE_IOERR => new($"The store '{path}' can't be read or written: {fault.Message}", isTransient: true, fault),
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM =>
            new($"The store '{path}' can't be opened for writing; let this user write to it and to its folder.", isTransient: false, fault),
        raw.SQLITE_NOTADB => NotAStore(path, fault),
        raw.SQLITE_CORRUPT => new($"The store '{path}' is damaged; put a copy in its place.", isTransient: false, fault),
        _ => new($"The store '{path}' failed: {fault.Message}", isTransient: false, fault),
    };

    public static StoreException Busy(string path) =>
        new($"The store '{path}' is being written by another process for too long; try again.", isTransient: true);

    public static StoreException NotAStore(string path, Exception? inner = null) =>
        new($"'{path}' is not a store of this program; name another data folder.", isTransient: false, inner);
}
