using Scdn.Format.Wire;
using static Scdn.Host.Data.Postgres.PostgresCommands;

namespace Scdn.Host.Data.Postgres;

/// <summary>What operators did, in PostgreSQL.</summary>
internal sealed class PostgresAuditLog(PostgresDatabase database) : IAuditLog
{
    /// <inheritdoc/>
    public Task BeginAsync(AuditEntry entry, CancellationToken cancel) => database.WriteAsync(
        connection => connection.ExecuteAsync(
            "INSERT INTO audit(id, at, operator, act) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
            [Argument(entry.Id), Argument(entry.At.ToUnixTimeMilliseconds()), Argument(entry.Operator), Argument(entry.Act)],
            CancellationToken.None),
        cancel);

    /// <inheritdoc/>
    public Task EndAsync(Guid id, int status, string? subject, CancellationToken cancel) => database.WriteAsync(
        connection => connection.ExecuteAsync("UPDATE audit SET status = $2, subject = nullif($3, '') WHERE id = $1", [Argument(id), Argument(status), Argument(subject ?? "")], CancellationToken.None), cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AuditEntry>> ListAsync(Guid? before, int limit, CancellationToken cancel) => await database.ReadAsync(
        (connection, stop) => connection.QueryAsync(
            "SELECT id, at, operator, act, subject, status FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2",
            [Argument(before ?? Guid.AllBitsSet), Argument(limit)],
            reader => new AuditEntry(
                reader.GetGuid(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), reader.GetString(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetInt32(5)),
            stop),
        cancel);
}
