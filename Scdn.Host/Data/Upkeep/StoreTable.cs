using NpgsqlTypes;

namespace Scdn.Host.Data.Upkeep;

/// <summary>A table that a backup holds. What the feed still has to tell is none: after a restore everybody takes a snapshot.</summary>
/// <param name="Name">Its name, in both engines.</param>
/// <param name="Columns">Its columns, in both engines.</param>
internal sealed record StoreTable(string Name, IReadOnlyList<StoreColumn> Columns)
{
    /// <summary>All of them, in the order in which hosts use them within one transaction.</summary>
    public static IReadOnlyList<StoreTable> All { get; } =
    [
        new("grains", [Text("kind"), Text("id"), Number("version"), Number("at"), Text("state")]),
        new("headers", [Id("content"), new("version", NpgsqlDbType.Integer), Text("hash"), Number("at"), new("file", NpgsqlDbType.Bytea)]),
        new("horizons", [Text("name"), Number("at")]),
        new("records", [Id("id"), Number("at"), Id("server"), Id("key"), Id("content"), Id("part"), Number("bytes"), Number("milliseconds"), new("status", NpgsqlDbType.Integer), new("complete", NpgsqlDbType.Boolean), Text("account"), new("requests", NpgsqlDbType.Integer)]),
        new("plays", [Id("session"), Id("content"), Id("play"), Number("at")]),
        new("reports", [Id("session"), Id("content"), Id("play"), Number("begun"), Number("at"), Text("account"), Text("report")]),
        new("new_plays", [Number("at"), Text("content"), Text("account")]),
        new("presence", [Number("minute"), Text("kind"), Text("key"), Text("session")]),
        new("minutes", [Number("minute"), Text("kind"), Text("key"), Number("sessions")]),
        new("hourly", [Number("hour"), Text("content"), Text("server"), Text("account"), Number("requests"), Number("bytes"), Number("errors"), Number("plays"), Number("stalls"), Number("stall_ms"), Number("failovers")]),
        new("usage", [Text("kind"), Text("span"), Number("start"), Text("key"), Number("requests"), Number("bytes"), Number("errors"), Number("plays"), Number("sessions"), Number("stalls"), Number("stall_ms"), Number("failovers")]),
        new("starts", [Text("kind"), Text("span"), Number("start"), Text("key"), Number("milliseconds"), Number("plays")]),
        new("audit", [Id("id"), Number("at"), Text("operator"), Text("act"), Text("subject"), new("status", NpgsqlDbType.Integer)]),
    ];

    /// <summary>The columns' names, as a list in SQL.</summary>
    public string ColumnList { get; } = string.Join(", ", Columns.Select(column => column.Name));

    private static StoreColumn Text(string name) => new(name, NpgsqlDbType.Text);

    private static StoreColumn Number(string name) => new(name, NpgsqlDbType.Bigint);

    private static StoreColumn Id(string name) => new(name, NpgsqlDbType.Uuid);
}

/// <summary>A column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in PostgreSQL; SQLite keeps ids as text, and truth as a number.</param>
internal sealed record StoreColumn(string Name, NpgsqlDbType Type)
{
    /// <summary>A value of SQLite as PostgreSQL takes it.</summary>
    public object ToPostgres(object value) => Type switch
    {
        NpgsqlDbType.Uuid => Guid.Parse((string)value),
        NpgsqlDbType.Boolean => (long)value != 0,
        NpgsqlDbType.Integer => checked((int)(long)value),
        _ => value,
    };

    /// <summary>A value of PostgreSQL as SQLite keeps it.</summary>
    public static object ToSqlite(object value) => value is Guid id ? id.ToString("D") : value;
}
