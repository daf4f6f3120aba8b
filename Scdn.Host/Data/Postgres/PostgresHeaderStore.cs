using Scdn.Format;
using static Scdn.Host.Data.Postgres.PostgresCommands;

namespace Scdn.Host.Data.Postgres;

/// <summary>Headers in PostgreSQL.</summary>
internal sealed class PostgresHeaderStore(PostgresDatabase database) : IHeaderStore
{
    /// <inheritdoc/>
    public Task KeepAsync(KeptHeader header, ReadOnlyMemory<byte> file, CancellationToken cancel) => database.WriteAsync(
        connection => connection.ExecuteAsync(
            "INSERT INTO headers(content, version, hash, at, file) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            [Argument(header.Content.Value), Argument(header.Version), Argument(header.Hash), Argument(header.At.ToUnixTimeMilliseconds()), Argument(file)],
            CancellationToken.None),
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KeptHeader>> ListAsync(ContentId? content, CancellationToken cancel) => await database.ReadAsync(
        (connection, stop) => connection.QueryAsync(
            $"SELECT content, version, hash, at FROM headers {(content is null ? "" : "WHERE content = $1")} ORDER BY content, version",
            content is { } one ? [Argument(one.Value)] : [],
            reader => new KeptHeader(ContentId.From(reader.GetGuid(0)), reader.GetInt32(1), reader.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3))),
            stop),
        cancel);

    /// <inheritdoc/>
    public async Task<byte[]?> LoadAsync(KeptHeader header, CancellationToken cancel) => (await database.ReadAsync(
        (connection, stop) => connection.QueryAsync(
            "SELECT file FROM headers WHERE content = $1 AND version = $2 AND hash = $3",
            [Argument(header.Content.Value), Argument(header.Version), Argument(header.Hash)],
            reader => reader.GetFieldValue<byte[]>(0),
            stop),
        cancel)) is [var file] ? file : null;

    /// <inheritdoc/>
    public Task RemoveAsync(KeptHeader header, CancellationToken cancel) => database.WriteAsync(
        connection => connection.ExecuteAsync(
            "DELETE FROM headers WHERE content = $1 AND version = $2 AND hash = $3", [Argument(header.Content.Value), Argument(header.Version), Argument(header.Hash)], CancellationToken.None),
        cancel);
}
