using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Scdn.Grains.Storage;

namespace Scdn.Host.Data;

/// <summary>
/// The feed over the outbox. One loop a process reads new rows (at once after a commit of its own, within 20 ms after one of another process) and hands
/// them to all followers.
/// </summary>
internal sealed class SqliteChangeFeed : IChangeFeed, IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PruneInterval = TimeSpan.FromMinutes(1);

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly FeedRetention _retention;
    private readonly Outbox _outbox;
    private readonly RecentChanges _recent;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();

    public SqliteChangeFeed(Database database, TimeProvider time, FeedRetention retention)
    {
        (_database, _time, _retention) = (database, time, retention);
        _outbox = new Outbox(database);
        _recent = new RecentChanges(_outbox.End.Sequence);
        Completion = Task.Run(PumpAsync, CancellationToken.None);
    }

    /// <summary>Ends when the feed is disposed of; faulted when it died, after which the host must not go on.</summary>
    public Task Completion { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FeedItem> FollowAsync(FeedPosition? from, [EnumeratorCancellation] CancellationToken cancel)
    {
        var position = from.GetValueOrDefault();
        var isLost = from is null || !_outbox.Knows(position);
        var caughtUp = false;
        while (true)
        {
            if (isLost)
            {
                // The position is taken first: what changes while the grains are read comes again after it, and is stale for those who saw it.
                position = _outbox.End;
                yield return new FeedReset();
                foreach (var grain in ReadGrains(cancel)) yield return grain;
                yield return new FeedCaughtUp(position);
                caughtUp = true;
            }

            cancel.ThrowIfCancellationRequested();
            var recent = _recent.After(position.Sequence, out var more);
            // What there was at the start the store itself says; the loop may be a moment behind it.
            var changes = caughtUp && recent is not null ? recent : _outbox.ReadAfter(position.Sequence);
            foreach (var change in changes ?? [])
            {
                yield return change;
                position = change.Position ?? position;
            }

            isLost = changes is null;
            if (changes is not { Count: 0 }) continue;
            if (!caughtUp || !await HappensAsync(more, cancel)) yield return new FeedCaughtUp(position);
            caughtUp = true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private IEnumerable<FeedChange> ReadGrains(CancellationToken cancel)
    {
        var (kind, id) = ("", "");
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var page = _outbox.ReadGrains(kind, id);
            foreach (var grain in page) yield return grain;
            if (page.Count < Outbox.PageSize) yield break;
            (kind, id) = (page[^1].Kind, page[^1].Id);
        }
    }

    private async Task<bool> HappensAsync(Task more, CancellationToken cancel)
    {
        try
        {
            await more.WaitAsync(IdleInterval, _time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every fault ends the feed for all its followers, and is rethrown.")]
    private async Task PumpAsync()
    {
        _database.Gate.Committed += WakeAfterCommit;
        try
        {
            using var connection = _database.Connect();
            using var timer = _time.CreateTimer(_ => Wake(), null, PollInterval, PollInterval);
            await PumpAsync(connection, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _recent.End(new ObjectDisposedException(nameof(SqliteChangeFeed)));
        }
        catch (Exception fault)
        {
            _recent.End(fault);
            throw;
        }
        finally
        {
            _database.Gate.Committed -= WakeAfterCommit;
        }
    }

    private void WakeAfterCommit(object? sender, EventArgs e) => Wake();

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task PumpAsync(StoreConnection connection, CancellationToken cancel)
    {
        var (seen, pruned) = (0L, _time.GetTimestamp());
        await foreach (var _ in _wake.Reader.ReadAllAsync(cancel))
        {
            // Its number first, then the rows: what is committed in between changes the number once more.
            var present = connection.DataVersion;
            if (present != seen) Pump(connection);
            seen = present;
            if (_time.GetElapsedTime(pruned) < PruneInterval) continue;
            await TryPruneAsync(cancel);
            pruned = _time.GetTimestamp();
        }
    }

    private async Task TryPruneAsync(CancellationToken cancel)
    {
        try
        {
            await _outbox.PruneAsync(_retention.Rows, _time.GetUtcNow() - _retention.Age, cancel);
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            // The disk is full or the store is busy. Old rows harm nobody: they go a minute later.
        }
    }

    private void Pump(StoreConnection connection)
    {
        while (true)
        {
            var changes = _outbox.ReadAfter(connection, _recent.Head);
            if (changes is { Count: 0 }) return;
            if (changes is not null) _recent.Append(changes);
            else _recent.Restart(_outbox.End.Sequence);
        }
    }
}
