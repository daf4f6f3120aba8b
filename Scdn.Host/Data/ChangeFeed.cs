using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Scdn.Grains.Storage;

namespace Scdn.Host.Data;

/// <summary>
/// The feed over an outbox. One loop a process reads new rows and hands them to all followers; a store that can't be reached just now keeps them waiting.
/// </summary>
internal sealed class ChangeFeed : IChangeFeed, IAsyncDisposable
{
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PruneInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the store may take to answer until what is known counts as old.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly IOutbox _outbox;
    private readonly TimeProvider _time;
    private readonly FeedRetention _retention;
    private readonly RecentChanges _recent = new();
    private readonly CancellationTokenSource _stop = new();
    private long _askedAt;

    public ChangeFeed(IOutbox outbox, TimeProvider time, FeedRetention retention)
    {
        (_outbox, _time, _retention) = (outbox, time, retention);
        Completion = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Ends when the feed is disposed of; faulted when it died, after which the host must not go on.</summary>
    public Task Completion { get; }

    /// <inheritdoc/>
    public bool IsCurrent => Interlocked.Read(ref _askedAt) is var asked && (asked == 0 || _time.GetElapsedTime(asked) < Patience);

    /// <inheritdoc/>
    public async IAsyncEnumerable<FeedItem> FollowAsync(FeedPosition? from, [EnumeratorCancellation] CancellationToken cancel)
    {
        var position = from.GetValueOrDefault();
        var isLost = from is null || !await AskAsync(stop => _outbox.KnowsAsync(position, stop), cancel);
        var caughtUp = false;
        while (true)
        {
            if (isLost)
            {
                // The position is taken first: what changes while the grains are read comes again after it, and is stale for those who saw it.
                position = await AskAsync(_outbox.EndAsync, cancel);
                yield return new FeedReset();
                await foreach (var grain in ReadGrainsAsync(cancel)) yield return grain;
                yield return new FeedCaughtUp(position);
                caughtUp = true;
            }

            cancel.ThrowIfCancellationRequested();
            var recent = _recent.After(position, out var more);
            // What there was at the start the store itself says; the loop may be a moment behind it.
            var changes = caughtUp && recent is not null ? recent : await AskAsync(stop => _outbox.ReadAfterAsync(position, stop), cancel);
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

    private async IAsyncEnumerable<FeedChange> ReadGrainsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var (kind, id) = ("", "");
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var page = await AskAsync(stop => _outbox.ReadGrainsAsync(kind, id, stop), cancel);
            foreach (var grain in page) yield return grain;
            if (page.Count < IOutbox.PageSize) yield break;
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
    private async Task RunAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var pruning = PruneAsync(end.Token);
        try
        {
            await PumpAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _recent.End(new ObjectDisposedException(nameof(ChangeFeed)));
        }
        catch (Exception fault)
        {
            _recent.End(fault);
            throw;
        }
        finally
        {
            await end.CancelAsync();
            await pruning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PumpAsync(CancellationToken cancel)
    {
        var head = await AskInTimeAsync(_outbox.EndAsync, cancel);
        _recent.Restart(head);
        while (true)
        {
            var changes = await AskInTimeAsync(stop => _outbox.ReadAfterAsync(head, stop), cancel);
            if (changes is null) _recent.Restart(head = await AskInTimeAsync(_outbox.EndAsync, cancel));
            else if (changes.Count > 0) _recent.Append(changes);
            else await _outbox.ChangedAsync(cancel);
            if (changes is [.., var last]) head = last.Position!.Value;
        }
    }

    private async Task PruneAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(PruneInterval, _time);
        while (await timer.WaitForNextTickAsync(cancel))
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
    }

    /// <summary>The same, taking down since when it has not answered.</summary>
    private async Task<T> AskInTimeAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        Interlocked.Exchange(ref _askedAt, _time.GetTimestamp());
        var answer = await AskAsync(ask, cancel);
        Interlocked.Exchange(ref _askedAt, 0);
        return answer;
    }

    /// <summary>Asks the store until it answers.</summary>
    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await ask(cancel);
            }
            catch (StoreException fault) when (fault.IsTransient)
            {
                await Task.Delay(Pause, _time, cancel);
            }
        }
    }
}
