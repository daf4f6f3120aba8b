using Scdn.Format.Wire;

namespace Scdn.Host.Data.Sqlite;

/// <summary>What operators did, in SQLite.</summary>
internal sealed class SqliteAuditLog(SqliteDatabase database) : IAuditLog
{
    /// <inheritdoc/>
    public Task BeginAsync(AuditEntry entry, CancellationToken cancel) => database.Gate.WriteAsync(
        connection => connection.Execute("INSERT INTO audit(id, at, operator, act) VALUES ($1, $2, $3, $4)", entry.Id.ToString("D"), entry.At.ToUnixTimeMilliseconds(), entry.Operator, entry.Act), cancel);

    /// <inheritdoc/>
    public Task EndAsync(Guid id, int status, string? subject, CancellationToken cancel) => database.Gate.WriteAsync(
        connection => connection.Execute("UPDATE audit SET status = $2, subject = $3 WHERE id = $1", id.ToString("D"), status, subject ?? (object)DBNull.Value), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuditEntry>> ListAsync(Guid? before, int limit, CancellationToken cancel) => Task.FromResult<IReadOnlyList<AuditEntry>>(database.Read(connection =>
    {
        using var reader = connection.Query(
            "SELECT id, at, operator, act, subject, status FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2", (before ?? Guid.AllBitsSet).ToString("D"), limit);
        var entries = new List<AuditEntry>();
        while (reader.Read())
        {
            entries.Add(new(
                Guid.Parse(reader.GetString(0)), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), reader.GetString(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetInt32(5)));
        }

        return entries;
    }));
}
