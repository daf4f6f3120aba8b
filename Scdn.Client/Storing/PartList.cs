using Microsoft.Data.Sqlite;
using Scdn.Format;

namespace Scdn.Client.Storing;

/// <summary>A line of the list.</summary>
/// <param name="Part">The part.</param>
/// <param name="Held">A bit for each segment, as in <see cref="SegmentBits"/>.</param>
/// <param name="HasHashes">Whether the list of hashes is held, too.</param>
internal sealed record ListedPart(PartId Part, byte[] Held, bool HasHashes);

/// <summary>What became of a part since the list was written to.</summary>
/// <param name="Part">The part.</param>
/// <param name="Content">Its content.</param>
/// <param name="Layout">Where everything is in it.</param>
/// <param name="Added">Segments that came.</param>
/// <param name="Lost">Segments that proved not to be there.</param>
/// <param name="HashesAdded">Whether the list of hashes came.</param>
/// <param name="HashesLost">Whether it proved not to be there.</param>
/// <param name="UsedAt">When something of it came last.</param>
internal sealed record PartChange(PartId Part, ContentId Content, PartLayout Layout, SegmentBits Added, SegmentBits Lost, bool HashesAdded, bool HashesLost, DateTimeOffset UsedAt);

/// <summary>
/// Which parts are in the store, in SQLite: shared by all players, whole after any crash. It may say less than there is, or more: what it names is checked when it is used. A part that was removed
/// keeps its line, empty, from which the others learn of it. One thread at a time.
/// </summary>
internal sealed class PartList : IDisposable
{
    private const int Version = 1;

    private const string Schema = """
        CREATE TABLE state(changes INTEGER NOT NULL);
        INSERT INTO state VALUES (0);
        CREATE TABLE parts(
            part TEXT PRIMARY KEY, content TEXT NOT NULL, held BLOB NOT NULL, hashes INTEGER NOT NULL, bytes INTEGER NOT NULL, used INTEGER NOT NULL, change INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX parts_content ON parts(content, change);
        CREATE INDEX parts_used ON parts(used, change, bytes);
        CREATE TABLE needs(player TEXT NOT NULL, part TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY(player, part)) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private SqliteTransaction? _transaction;
    private long _seenByOthers = -1;

    private PartList(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the list in a file, which is made where there is none.</summary>
    /// <exception cref="SqliteException">It can't be opened or is damaged.</exception>
    public static PartList Open(string path) => OpenSource(path);

    /// <summary>A list for one player alone, gone with it.</summary>
    public static PartList InMemory() => OpenSource(":memory:");

    /// <summary>Whether somebody else has written since this was last asked.</summary>
    public bool HasChanged()
    {
        var version = Number("PRAGMA data_version");
        var changed = version != _seenByOthers;
        _seenByOthers = version;
        return changed;
    }

    /// <summary>Does several things at once, or none of them.</summary>
    public T Write<T>(Func<PartList, T> write)
    {
        using var transaction = _transaction = _connection.BeginTransaction(deferred: false);
        try
        {
            var result = write(this);
            transaction.Commit();
            return result;
        }
        finally
        {
            _transaction = null;
        }
    }

    /// <summary>The number of the last change.</summary>
    public long Changes => Number("SELECT changes FROM state");

    /// <summary>Stored bytes of all parts.</summary>
    public long Bytes => Number("SELECT coalesce(sum(bytes), 0) FROM parts");

    /// <summary>What changed of a content's parts after a change.</summary>
    public IReadOnlyList<ListedPart> Read(ContentId content, long after)
    {
        using var command = Command("SELECT part, held, hashes FROM parts WHERE content = $1 AND change > $2", content.ToString(), after);
        using var rows = command.ExecuteReader();
        var parts = new List<ListedPart>();
        while (rows.Read())
        {
            if (PartId.TryParse(rows.GetString(0), out var part)) parts.Add(new(part, (byte[])rows[1], rows.GetInt64(2) != 0));
        }

        return parts;
    }

    /// <summary>The parts of which something is held, and how much; those that were used the longest ago first.</summary>
    /// <param name="except">Parts that another player than this one needs at the time are left out; null: none is.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<(PartId Part, long Bytes)> ByUse(string? except, DateTimeOffset now)
    {
        const string Needed = "SELECT part FROM needs WHERE player <> $1 AND until > $2 AND until < $3";
        using var command = Command(
            $"SELECT part, bytes FROM parts WHERE bytes > 0 AND ($1 = '' OR part NOT IN ({Needed})) ORDER BY used, change", except ?? "", now.ToUnixTimeMilliseconds(), (now + (2 * PartStore.NeededFor)).ToUnixTimeMilliseconds());
        using var rows = command.ExecuteReader();
        var parts = new List<(PartId, long)>();
        while (rows.Read())
        {
            if (PartId.TryParse(rows.GetString(0), out var part)) parts.Add((part, rows.GetInt64(1)));
        }

        return parts;
    }

    /// <summary>Notes what became of parts.</summary>
    public void Note(IReadOnlyCollection<PartChange> changes)
    {
        if (changes.Count == 0) return;
        var number = NextChange();
        foreach (var change in changes) Note(change, number);
    }

    /// <summary>Notes which parts a player needs for now, which count as used.</summary>
    public void Need(string player, IEnumerable<PartId> parts, DateTimeOffset now)
    {
        Run("DELETE FROM needs WHERE player = $1 OR until <= $2", player, now.ToUnixTimeMilliseconds());
        foreach (var part in parts)
        {
            Run("INSERT INTO needs VALUES ($1, $2, $3)", player, part.ToString(), (now + PartStore.NeededFor).ToUnixTimeMilliseconds());
            Run("UPDATE parts SET used = $1 WHERE part = $2", now.ToUnixTimeMilliseconds(), part.ToString());
        }
    }

    /// <summary>Notes that parts were removed.</summary>
    public int Remove(IReadOnlyCollection<PartId> parts)
    {
        var number = NextChange();
        foreach (var part in parts) Run("UPDATE parts SET held = zeroblob(length(held)), hashes = 0, bytes = 0, change = $1 WHERE part = $2", number, part.ToString());
        return parts.Count;
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static PartList OpenSource(string source)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            var list = new PartList(connection);
            // NORMAL: nothing is waited for, and after a failure of the power the list is whole, if perhaps older.
            list.Run("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 100; PRAGMA temp_store = MEMORY");
            if (list.Number("PRAGMA user_version") != Version) list.Make();
            return list;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Make() => Write(list =>
    {
        // Another player may have been faster.
        if (list.Number("PRAGMA user_version") == Version) return true;
        list.Run(Schema);
        list.Run($"PRAGMA user_version = {Version}");
        return true;
    });

    private void Note(PartChange change, long number)
    {
        var held = new SegmentBits(change.Layout.SegmentCount);
        var hashes = false;
        using (var command = Command("SELECT held, hashes FROM parts WHERE part = $1", change.Part.ToString()))
        using (var row = command.ExecuteReader())
        {
            if (row.Read() && row[0] is byte[] known && known.Length == held.Bytes.Length) (held, hashes) = (new(known), row.GetInt64(1) != 0);
        }

        held.Add(change.Added);
        held.Remove(change.Lost);
        hashes = change.HashesAdded || (hashes && !change.HashesLost);
        Run(
            """
            INSERT INTO parts VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT(part) DO UPDATE SET held = $3, hashes = $4, bytes = $5, used = max(used, $6), change = $7
            """,
            change.Part.ToString(),
            change.Content.ToString(),
            held.Bytes,
            hashes ? 1 : 0,
            HeldPart.Bytes(change.Layout, held, hashes),
            change.UsedAt.ToUnixTimeMilliseconds(),
            number);
    }

    private long NextChange()
    {
        Run("UPDATE state SET changes = changes + 1");
        return Changes;
    }

    private long Number(string sql)
    {
        using var command = Command(sql);
        return command.ExecuteScalar() is long number ? number : 0;
    }

    private void Run(string sql, params ReadOnlySpan<object> arguments)
    {
        using var command = Command(sql, arguments);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<object> arguments)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Only constants of this file come here; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = _transaction;
        for (var i = 0; i < arguments.Length; i++) command.Parameters.AddWithValue($"${i + 1}", arguments[i]);
        return command;
    }
}
