using Scdn.Format;

namespace Scdn.Host.Data.Sqlite;

/// <summary>Headers in SQLite.</summary>
internal sealed class SqliteHeaderStore(SqliteDatabase database) : IHeaderStore
{
    /// <inheritdoc/>
    public Task KeepAsync(KeptHeader header, ReadOnlyMemory<byte> file, CancellationToken cancel) => database.Gate.WriteAsync(
        connection => connection.Execute(
            "INSERT INTO headers(content, version, hash, at, file) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            header.Content.ToString(), header.Version, header.Hash, header.At.ToUnixTimeMilliseconds(), file.ToArray()),
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeptHeader>> ListAsync(ContentId? content, CancellationToken cancel) => Task.FromResult<IReadOnlyList<KeptHeader>>(database.Read(connection =>
    {
        cancel.ThrowIfCancellationRequested();
        using var reader = content is { } one
            ? connection.Query("SELECT content, version, hash, at FROM headers WHERE content = $1 ORDER BY version", one.ToString())
            : connection.Query("SELECT content, version, hash, at FROM headers ORDER BY content, version");
        var headers = new List<KeptHeader>();
        while (reader.Read())
            headers.Add(new(ContentId.From(Guid.Parse(reader.GetString(0))), reader.GetInt32(1), reader.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3))));
        return headers;
    }));

    /// <inheritdoc/>
    public Task<byte[]?> LoadAsync(KeptHeader header, CancellationToken cancel) => Task.FromResult(database.Read(connection =>
    {
        cancel.ThrowIfCancellationRequested();
        using var reader = connection.Query("SELECT file FROM headers WHERE content = $1 AND version = $2 AND hash = $3", header.Content.ToString(), header.Version, header.Hash);
        return reader.Read() ? reader.GetFieldValue<byte[]>(0) : null;
    }));

    /// <inheritdoc/>
    public Task RemoveAsync(KeptHeader header, CancellationToken cancel) => database.Gate.WriteAsync(
        connection => connection.Execute("DELETE FROM headers WHERE content = $1 AND version = $2 AND hash = $3", header.Content.ToString(), header.Version, header.Hash), cancel);
}
