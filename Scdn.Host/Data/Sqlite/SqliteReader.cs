using System.Data.Common;
using Scdn.Host.Data.Statistics;

namespace Scdn.Host.Data.Sqlite;

/// <summary>Runs queries in SQLite.</summary>
internal sealed class SqliteReader(SqliteDatabase database) : IStoreReader
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<T>> QueryAsync<T>(StoreQuery query, Func<DbDataReader, T> read, CancellationToken cancel) => Task.FromResult<IReadOnlyList<T>>(database.Read(connection =>
    {
        cancel.ThrowIfCancellationRequested();
        using var reader = connection.Query(query.Sql, [.. query.Arguments.Select(argument => argument is Guid id ? id.ToString("D") : argument)]);
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }));
}
