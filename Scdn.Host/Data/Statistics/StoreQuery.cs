using System.Data.Common;

namespace Scdn.Host.Data.Statistics;

/// <summary>A query in the words of both engines.</summary>
/// <param name="Sql">Its text, put together from constants; its arguments are <c>$1</c>, <c>$2</c>… in it.</param>
/// <param name="Arguments">Numbers, texts and UUIDs.</param>
internal sealed record StoreQuery(string Sql, IReadOnlyList<object> Arguments);

/// <summary>Runs queries that both engines understand.</summary>
internal interface IStoreReader
{
    /// <summary>Gives each row to <paramref name="read"/>.</summary>
    /// <exception cref="StoreException">It can't be done now.</exception>
    Task<IReadOnlyList<T>> QueryAsync<T>(StoreQuery query, Func<DbDataReader, T> read, CancellationToken cancel);
}
