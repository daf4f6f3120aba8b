using System.Text.Json;
using Microsoft.Data.Sqlite;
using Scdn.Grains.Storage;

namespace Scdn.Host.Data;

/// <summary>The outbox as it is read and pruned. Its sequence has no holes: rows are added at one end under the write lock and pruned at the other.</summary>
internal sealed class Outbox(Database database)
{
    /// <summary>Rows read at a time.</summary>
    public const int PageSize = 512;

    /// <summary>The last row; 0 when there never was one.</summary>
    public FeedPosition End => At(database.Read(Last));

    /// <summary>Whether one can go on after a position.</summary>
    public bool Knows(FeedPosition position) =>
        position.Epoch == database.Epoch && database.Read(connection => connection.Consistently(c => Reaches(c, position.Sequence)));

    /// <summary>The next rows after a position, at most <see cref="PageSize"/>; null when some of them were pruned.</summary>
    public IReadOnlyList<FeedChange>? ReadAfter(long sequence) => database.Read(connection => ReadAfter(connection, sequence));

    /// <summary>The same by a given connection.</summary>
    public IReadOnlyList<FeedChange>? ReadAfter(StoreConnection connection, long sequence) => connection.Consistently(c =>
    {
        if (!Reaches(c, sequence)) return null;
        using var reader = c.Query(
            "SELECT sequence, kind, id, version, at, state FROM outbox WHERE sequence > $1 ORDER BY sequence LIMIT $2", sequence, PageSize);
        var changes = new List<FeedChange>();
        while (reader.Read()) changes.Add(ReadChange(reader, At(reader.GetInt64(0)), 1));
        return changes;
    });

    /// <summary>The grains as they are now, at most <see cref="PageSize"/>, that come after a given one.</summary>
    public IReadOnlyList<FeedChange> ReadGrains(string afterKind, string afterId) => database.Read(connection =>
    {
        using var reader = connection.Query(
            "SELECT kind, id, version, at, state FROM grains WHERE (kind, id) > ($1, $2) ORDER BY kind, id LIMIT $3", afterKind, afterId, PageSize);
        var grains = new List<FeedChange>();
        while (reader.Read()) grains.Add(ReadChange(reader, null, 0));
        return grains;
    });

    /// <summary>Deletes rows beyond the newest <paramref name="keep"/> and those saved before <paramref name="oldest"/>; never the very last one.</summary>
    public async Task PruneAsync(int keep, DateTimeOffset oldest, CancellationToken cancel)
    {
        // In pages, so that changes need not wait for long.
        while (await database.Gate.WriteAsync(connection => PrunePage(connection, keep, oldest.ToUnixTimeMilliseconds()), cancel) == PageSize)
        {
        }
    }

    private static int PrunePage(StoreConnection connection, int keep, long oldest)
    {
        var last = Last(connection);
        var upTo = 0L;
        using (var reader = connection.Query("SELECT sequence, at FROM outbox ORDER BY sequence LIMIT $1", PageSize))
        {
            while (reader.Read() && reader.GetInt64(0) is var sequence && sequence < last && (sequence <= last - keep || reader.GetInt64(1) < oldest))
                upTo = sequence;
        }

        return connection.Execute("DELETE FROM outbox WHERE sequence <= $1", upTo);
    }

    private static bool Reaches(StoreConnection connection, long sequence)
    {
        var last = Last(connection);
        return sequence == last || (sequence < last && sequence >= connection.Scalar("SELECT MIN(sequence) FROM outbox") - 1);
    }

    private static long Last(StoreConnection connection) => connection.Scalar("SELECT MAX(sequence) FROM outbox");

    private static FeedChange ReadChange(SqliteDataReader reader, FeedPosition? position, int first) => new(
        position,
        reader.GetString(first),
        reader.GetString(first + 1),
        reader.GetInt64(first + 2),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(first + 3)),
        JsonElement.Parse(reader.GetString(first + 4)));

    private FeedPosition At(long sequence) => new(database.Epoch, sequence);
}
