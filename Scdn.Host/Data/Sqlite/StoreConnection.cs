using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Scdn.Host.Data.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class StoreConnection : IDisposable
{
    private const int BusyTimeoutMilliseconds = 5000;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public StoreConnection(string path)
    {
        // Connections are kept by us, with their statements; the driver's own pool would forget both those and the settings.
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        // FULL: a commit has reached the disk when it returns, also if the machine's power fails then.
        _ = Run($"PRAGMA busy_timeout = {BusyTimeoutMilliseconds}; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864");
    }

    /// <summary>Rows changed since the connection was opened.</summary>
    public int TotalChanges => raw.sqlite3_total_changes(_connection.Handle);

    /// <summary>Changes by another connection, also of another process, change this number.</summary>
    public long DataVersion => Scalar("PRAGMA data_version");

    /// <summary>Runs a script; its statements are not kept.</summary>
    public int Run(string script)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = script;
        return command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement without rows; its arguments are <c>$1</c>, <c>$2</c>… in it.</summary>
    /// <returns>The number of rows changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object> arguments) => Prepare(sql, arguments).ExecuteNonQuery();

    /// <summary>Runs a query; the reader must be disposed of before the same query is run again.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object> arguments) => Prepare(sql, arguments).ExecuteReader();

    /// <summary>The one number that a query gives; 0 when that is null.</summary>
    public long Scalar(string sql, params ReadOnlySpan<object> arguments) => Prepare(sql, arguments).ExecuteScalar() is long number ? number : 0;

    /// <summary>The one text that a query gives; null when there is no row.</summary>
    public string? Text(string sql, params ReadOnlySpan<object> arguments) => Prepare(sql, arguments).ExecuteScalar() as string;

    /// <summary>The first column of all rows, as text.</summary>
    public IReadOnlyList<string> Texts(string sql)
    {
        using var reader = Query(sql);
        var texts = new List<string>();
        while (reader.Read()) texts.Add(reader.GetString(0));
        return texts;
    }

    /// <summary>Whether there is a table.</summary>
    public bool HasTable(string name) => Scalar("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1", name) == 1;

    /// <summary>Ends what runs, from any thread: it fails with SQLite's own fault.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_connection.Handle);

    /// <summary>Begins to write, if no other connection does.</summary>
    public bool TryBeginWriting()
    {
        // Not by the driver: that one sleeps 150 ms at a time while the lock is taken.
        var handle = _connection.Handle;
        _ = raw.sqlite3_busy_timeout(handle, 0);
        var result = raw.sqlite3_exec(handle, "BEGIN IMMEDIATE");
        _ = raw.sqlite3_busy_timeout(handle, BusyTimeoutMilliseconds);
        if (result == raw.SQLITE_OK) return true;
        if ((result & 0xff) == raw.SQLITE_BUSY) return false;
        throw new SqliteException(raw.sqlite3_errmsg(handle).utf8_to_string(), result);
    }

    /// <summary>Commits; when it returns, the changes are on disk.</summary>
    public void Commit() => Execute("COMMIT");

    /// <summary>Takes back what was not committed; a fault of the disk may have done so already.</summary>
    public void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) Execute("ROLLBACK");
    }

    /// <summary>Runs several queries on one and the same state of the store.</summary>
    public T Consistently<T>(Func<StoreConnection, T> read)
    {
        Execute("BEGIN");
        try
        {
            return read(this);
        }
        finally
        {
            RollBack();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in _commands.Values) command.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object> arguments)
    {
        if (!_commands.TryGetValue(sql, out var command)) _commands.Add(sql, command = Create(sql, arguments.Length));
        for (var i = 0; i < arguments.Length; i++) command.Parameters[i].Value = arguments[i];
        return command;
    }

    private SqliteCommand Create(string sql, int arguments)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Only constants of this folder come here; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 1; i <= arguments; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        return command;
    }
}
