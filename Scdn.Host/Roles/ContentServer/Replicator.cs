using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Replicas;
using Scdn.Grains.Roles;
using Scdn.Host.Feed;
using Scdn.Host.Parts;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>
/// Keeps what this server holds in step with what the feed says it is to hold: copies what is missing, drops what is no longer wanted, and tells the CD
/// master. Each content has its own loop while it is out of step, so a big one holds nobody up; orders that change restart it.
/// </summary>
internal sealed partial class Replicator(
    ServerView view, PartStore store, ICdMaster cdMaster, Membership membership, PeerClient peers, TimeProvider time, ILogger<Replicator> log)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ContentId, (Held Held, int Connection)> _reported = new();
    private readonly Dictionary<ContentId, Work> _work = [];
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // Control hosts that were connected to until now.
    private int _connection;

    /// <summary>Replicates until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        view.Changed += OnChanged;
        view.Reconnected += OnReconnected;
        store.Freed += OnChanged;
        try
        {
            await view.Ready.WaitAsync(cancel);
            do await StartWorkAsync(cancel);
            while (await _changed.Reader.ReadAsync(cancel));
        }
        finally
        {
            view.Changed -= OnChanged;
            view.Reconnected -= OnReconnected;
            store.Freed -= OnChanged;
            foreach (var work in _work.Values) await work.StopAsync();
        }
    }

    private void OnChanged(object? sender, EventArgs e) => _changed.Writer.TryWrite(true);

    private void OnReconnected(object? sender, EventArgs e)
    {
        // What was reported to a host that has gone may never have reached the store: it counts no longer, also where its answer is still to come.
        Interlocked.Increment(ref _connection);
        OnChanged(sender, e);
    }

    private async Task StartWorkAsync(CancellationToken cancel)
    {
        var orders = view.Facts.Replicas.ToDictionary(order => order.Content);
        foreach (var content in store.Contents.Select(content => content.Content).Concat(store.ListIncoming()).Distinct().Where(content => !orders.ContainsKey(content)).ToArray())
        {
            Drop(content);
        }

        foreach (var order in orders.Values)
        {
            if (_work.TryGetValue(order.Content, out var work))
            {
                if (IsSame(work.Order, order) && work.TryLookAgain()) continue;
                _work.Remove(order.Content);
                await work.StopAsync();
            }

            if (IsInStep(order)) continue;
            _work[order.Content] = new(order, RunAsync, cancel);
        }
    }

    private static bool IsSame(ReplicaOrder one, ReplicaOrder other) => one.ContentVersion == other.ContentVersion && one.HeaderHash.AsSpan().SequenceEqual(other.HeaderHash);

    private bool IsInStep(ReplicaOrder order) => IsHeld(order) && IsReported(order.Content, WhatIsHeld(order));

    private Held WhatIsHeld(ReplicaOrder order) => new(order.ContentVersion, [.. store.VersionsBefore(order.Content).TakeLast(ReplicaGrain.MaxBefore)]);

    private bool IsReported(ContentId content, Held held) =>
        _reported.TryGetValue(content, out var reported) && reported.Connection == Volatile.Read(ref _connection) && reported.Held.Version == held.Version && reported.Held.Before.SequenceEqual(held.Before);

    private bool IsHeld(ReplicaOrder order) => store.TryGetContent(order.Content, out var held)
        ? held.Version == order.ContentVersion && held.Header.Hash.AsSpan().SequenceEqual(order.HeaderHash)
        : order.ContentVersion == 0;

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is ends the whole replicator, and the host with it.")]
    private async Task RunAsync(Work work, CancellationToken cancel)
    {
        try
        {
            do await KeepInStepAsync(work.Order, cancel);
            while (!work.TryFinish());
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            _changed.Writer.TryComplete(fault);
        }
    }

    private async Task KeepInStepAsync(ReplicaOrder order, CancellationToken cancel)
    {
        if (order.ContentVersion == 0) Drop(order.Content);
        var pause = ShortestPause;
        while (!IsInStep(order) && !await TryStepAsync(order, cancel))
        {
            await Task.Delay(pause, time, cancel);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<bool> TryStepAsync(ReplicaOrder order, CancellationToken cancel)
    {
        if (!IsHeld(order) && !await TryCopyAsync(order, cancel)) return false;
        var connection = Volatile.Read(ref _connection);
        var held = WhatIsHeld(order);
        var report = new ReplicaReport(membership.Server, order.Content, held.Version, held.Before.Count > 0 ? held.Before : null);
        if (!(await cdMaster.ReportReplicaAsync(report, cancel)).IsGranted(out _, out var refusal))
        {
            // No CD master answers: it is told later. Anything else it will not take at any time.
            if (refusal.Kind is RefusalKind.Unavailable) return false;
            LogNotReported(order.Content, refusal.Detail);
            return true;
        }

        _reported[order.Content] = (held, connection);
        return true;
    }

    private async Task<bool> TryCopyAsync(ReplicaOrder order, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var plan = await cdMaster.PlanCopyAsync(new(membership.Server, order.Content, order.ContentVersion), cancel);
        if (!plan.IsGranted(out var copy, out var refusal))
        {
            LogNotPlanned(order.Content, refusal.Detail);
            return false;
        }

        try
        {
            if (!await new ContentCopy(order, store, peers, log).TryCopyAsync(copy, cancel)) return false;
        }
        catch (IOException full)
        {
            LogNotPlanned(order.Content, full.Message);
            if (store.FreeSuperseded()) LogFreed();
            return false;
        }

        LogTaken(order.Content, order.ContentVersion, (long)time.GetElapsedTime(started).TotalMilliseconds);
        return true;
    }

    private void Drop(ContentId content)
    {
        store.Receive(content).Discard();
        if (store.Remove(content)) LogDropped(content);
    }

    /// <summary>A version that is held whole (0: none), and those before it whose parts are still served.</summary>
    private sealed record Held(int Version, IReadOnlyList<int> Before);

    /// <summary>The loop of one content, for one order. What changes while it runs is either seen by it, or by whoever is told that it has finished.</summary>
    private sealed class Work
    {
        private const int Running = 0;
        private const int ToLookAgain = 1;
        private const int Finished = 2;

        private readonly CancellationTokenSource _stop;
        private int _state;

        public Work(ReplicaOrder order, Func<Work, CancellationToken, Task> run, CancellationToken cancel)
        {
            Order = order;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            Task = System.Threading.Tasks.Task.Run(() => run(this, _stop.Token), _stop.Token);
        }

        public ReplicaOrder Order { get; }

        private Task Task { get; }

        /// <summary>Something changed. False when it will not look any more.</summary>
        public bool TryLookAgain() => Interlocked.CompareExchange(ref _state, ToLookAgain, Running) is not Finished;

        /// <summary>It has nothing more to do. False when something changed since it began, or since this was last asked.</summary>
        public bool TryFinish()
        {
            if (Interlocked.CompareExchange(ref _state, Finished, Running) is Running) return true;
            Volatile.Write(ref _state, Running);
            return false;
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }

    [LoggerMessage(EventId = 2311, Level = LogLevel.Information, Message = "Content {Content} version {Version} is in service, copied in {Milliseconds} ms")]
    private partial void LogTaken(ContentId content, int version, long milliseconds);

    [LoggerMessage(EventId = 2312, Level = LogLevel.Information, Message = "Content {Content} is no longer wanted here and was dropped")]
    private partial void LogDropped(ContentId content);

    [LoggerMessage(EventId = 2313, Level = LogLevel.Warning, Message = "Content {Content} cannot be copied yet: {Reason}")]
    private partial void LogNotPlanned(ContentId content, string reason);

    [LoggerMessage(EventId = 2314, Level = LogLevel.Warning, Message = "What is held of content {Content} was not taken: {Reason}")]
    private partial void LogNotReported(ContentId content, string reason);

    [LoggerMessage(EventId = 2315, Level = LogLevel.Warning, Message = "Versions that were superseded are dropped before their time, for the disk is full: those who are playing them can't go on")]
    private partial void LogFreed();
}
