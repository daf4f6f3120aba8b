using System.Data.Common;
using Npgsql;
using Scdn.Host.Data.Statistics;

namespace Scdn.Host.Data.Postgres;

/// <summary>Runs queries in PostgreSQL.</summary>
internal sealed class PostgresReader(PostgresDatabase database) : IStoreReader
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(StoreQuery query, Func<DbDataReader, T> read, CancellationToken cancel) => await database.ReadAsync(
        (connection, stop) => connection.QueryAsync(query.Sql, [.. query.Arguments.Select(argument => new NpgsqlParameter { Value = argument })], read, stop), cancel);
}
