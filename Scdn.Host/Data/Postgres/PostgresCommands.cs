using Npgsql;

namespace Scdn.Host.Data.Postgres;

/// <summary>Statements with positional arguments, <c>$1</c>, <c>$2</c>…; the driver prepares those that come again.</summary>
internal static class PostgresCommands
{
    /// <summary>Runs a statement without rows; returns the number of rows changed.</summary>
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, NpgsqlParameter[] arguments, CancellationToken cancel)
    {
        await using var command = Create(connection, sql, arguments);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Runs a query; gives each row to <paramref name="read"/>.</summary>
    public static async Task<List<T>> QueryAsync<T>(this NpgsqlConnection connection, string sql, NpgsqlParameter[] arguments, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        await using var command = Create(connection, sql, arguments);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel)) rows.Add(read(reader));
        return rows;
    }

    /// <summary>An argument.</summary>
    public static NpgsqlParameter<T> Argument<T>(T value) => new() { TypedValue = value };

    /// <summary>A value of each row, as an argument for <c>unnest</c>.</summary>
    public static NpgsqlParameter<TValue[]> Column<TRow, TValue>(TRow[] rows, Func<TRow, TValue> value) => Argument(Array.ConvertAll(rows, row => value(row)));

    private static NpgsqlCommand Create(NpgsqlConnection connection, string sql, NpgsqlParameter[] arguments)
    {
#pragma warning disable CA2100 // Only constants of this folder come here; values are parameters.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.Parameters.AddRange(arguments);
        return command;
    }
}
