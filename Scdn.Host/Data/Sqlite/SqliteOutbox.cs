using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Scdn.Grains.Storage;

namespace Scdn.Host.Data.Sqlite;

/// <summary>
/// The outbox in SQLite. Its sequence has no holes: rows are added at one end under the write lock and pruned at the other. That something was added is known at once after a
/// commit of this process, within 20 ms after one of another.
/// </summary>
internal sealed class SqliteOutbox : IOutbox, IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly SqliteDatabase _database;
    private readonly StoreConnection _watch;
    private readonly ITimer _poll;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _seen;

    public SqliteOutbox(SqliteDatabase database, TimeProvider time)
    {
        _database = database;
        _watch = database.Connect();
        _database.Gate.Committed += WakeAfterCommit;
        _poll = time.CreateTimer(_ => Wake(), null, PollInterval, PollInterval);
    }

    /// <inheritdoc/>
    public Task<FeedPosition> EndAsync(CancellationToken cancel) => Task.FromResult(At(_database.Read(Last)));

    /// <inheritdoc/>
    public Task<bool> KnowsAsync(FeedPosition position, CancellationToken cancel) => Task.FromResult(
        position.Epoch == _database.Epoch && _database.Read(connection => connection.Consistently(c => Reaches(c, position.Sequence))));

    /// <inheritdoc/>
    public Task<IReadOnlyList<FeedChange>?> ReadAfterAsync(FeedPosition position, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<FeedChange>?>(position.Epoch == _database.Epoch ? _database.Read(connection => ReadAfter(connection, position.Sequence)) : null);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FeedChange>> ReadGrainsAsync(string afterKind, string afterId, CancellationToken cancel) => Task.FromResult<IReadOnlyList<FeedChange>>(_database.Read(connection =>
    {
        using var reader = connection.Query(
            "SELECT kind, id, version, at, state FROM grains WHERE (kind, id) > ($1, $2) ORDER BY kind, id LIMIT $3", afterKind, afterId, IOutbox.PageSize);
        var grains = new List<FeedChange>();
        while (reader.Read()) grains.Add(ReadChange(reader, null, 0));
        return grains;
    }));

    /// <inheritdoc/>
    public async Task PruneAsync(int keep, DateTimeOffset oldest, CancellationToken cancel)
    {
        // In pages, so that changes need not wait for long.
        while (await _database.Gate.WriteAsync(connection => PrunePage(connection, keep, oldest.ToUnixTimeMilliseconds()), cancel) == IOutbox.PageSize)
        {
        }
    }

    /// <inheritdoc/>
    public async Task ChangedAsync(CancellationToken cancel)
    {
        while (true)
        {
            await _wake.Reader.ReadAsync(cancel);
            // Its number first, then the rows: what is committed in between changes the number once more.
            var present = _watch.DataVersion;
            if (present == _seen) continue;
            _seen = present;
            return;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _database.Gate.Committed -= WakeAfterCommit;
        _poll.Dispose();
        _watch.Dispose();
    }

    private static int PrunePage(StoreConnection connection, int keep, long oldest)
    {
        var last = Last(connection);
        var upTo = 0L;
        using (var reader = connection.Query("SELECT sequence, at FROM outbox ORDER BY sequence LIMIT $1", IOutbox.PageSize))
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

    private List<FeedChange>? ReadAfter(StoreConnection connection, long sequence) => connection.Consistently(c =>
    {
        if (!Reaches(c, sequence)) return null;
        using var reader = c.Query(
            "SELECT sequence, kind, id, version, at, state FROM outbox WHERE sequence > $1 ORDER BY sequence LIMIT $2", sequence, IOutbox.PageSize);
        var changes = new List<FeedChange>();
        while (reader.Read()) changes.Add(ReadChange(reader, At(reader.GetInt64(0)), 1));
        return changes;
    });

    private void WakeAfterCommit(object? sender, EventArgs e) => Wake();

    private void Wake() => _wake.Writer.TryWrite(true);

    private FeedPosition At(long sequence) => new(_database.Epoch, sequence);
}
