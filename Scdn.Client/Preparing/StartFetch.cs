using System.Diagnostics.CodeAnalysis;
using Scdn.Client.Connections;
using Scdn.Client.Scheduling;
using Scdn.Client.Sources;
using Scdn.Client.Storing;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Preparing;

/// <summary>Fetches what a play begins with into the store, without the content key: each segment is checked by its part's hash list. What is in the store is not fetched again.</summary>
internal sealed class StartFetch : IPieceObserver, IStorePlayer
{
    private readonly Lock _gate = new();
    private readonly PrepareAnswer _answer;
    private readonly PartStore _store;
    private readonly TimeProvider _time;
    private readonly SegmentMap _map;
    private readonly SegmentChecker _checker;
    private readonly FetchScheduler _scheduler;
    private readonly PieceFetcher _fetcher;
    private readonly long _startedAt;

    private StartFetch(PrepareAnswer answer, List<PublicPart> parts, NetworkOptions options, ContentConnections connections, PartStore store)
    {
        (_answer, _store, _time, _startedAt) = (answer, store, options.Time, options.Time.GetTimestamp());
        // Where in the original their bytes belong is not known, and nobody asks for it here.
        _map = new([.. parts.Select(part => new ManifestPart(part.Id, PartKind.Head, part.Encrypted, [new(0, part.Layout.PlainLength)]))]);
        _checker = new(_map, id => parts.Find(part => part.Id == id), key: null);
        var servers = new ServerBoard(answer.Servers, options.Mirrors, ServerAccess.MirrorsOf(answer.Mirrors));
        connections.TellWays(servers);
        _scheduler = new(_map, servers, new SocketCount(options));
        _fetcher = new(connections.Clients, _map, _checker, this, options.Time);
    }

    public string AuthenticationKey => _answer.AuthenticationKey;

    public ContentId Content => _answer.Content;

    private TimeSpan Now => _time.GetElapsedTime(_startedAt);

    /// <summary>Plans it; false when the site says what can't be, or more than a start.</summary>
    public static bool TryPlan(PrepareAnswer answer, NetworkOptions options, ContentConnections connections, PartStore store, [NotNullWhen(true)] out StartFetch? fetch)
    {
        fetch = null;
        var (parts, bytes) = (new List<PublicPart>(), 0L);
        foreach (var run in answer.Start.Runs)
        {
            if (!PartLayout.TryFromStoredLength(run.StoredLength, run.Encrypted, out var layout) || run.First < 0 || run.Count < 1 || run.First > layout.SegmentCount - run.Count) return false;
            if ((bytes += (long)run.Count * PartLayout.SegmentSize) > PlayStart.MostBytes + PartLayout.SegmentSize) return false;
            if (!parts.Exists(part => part.Id == run.Part)) parts.Add(new(run.Part, run.StoredLength, run.Encrypted, [.. run.Root]));
        }

        fetch = new(answer, parts, options, connections, store);
        return true;
    }

    /// <summary>Fetches. False when no server has all of it.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await _store.JoinAsync(this, cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task>();
        try
        {
            HoldWhatIsNotWanted();
            while (true)
            {
                lock (_gate)
                {
                    if (_scheduler.IsHeadHeld) return true;
                    while (_scheduler.Next(Now) is { } piece) running.Add(Task.Run(() => FetchAsync(piece, over.Token), CancellationToken.None));
                }

                // Nobody is left to ask: a play has more patience.
                if (running.Count == 0) return false;
                var ended = await Task.WhenAny(running);
                running.Remove(ended);
                await ended;
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _store.Leave(this);
        }
    }

    public bool TryGetLayout(PartId part, out PartLayout layout)
    {
        var isKnown = _map.TryGetNumber(part, out var number);
        layout = isKnown ? _map.Part(number).Layout : default;
        return isKnown;
    }

    public IReadOnlyCollection<PartId> NeededParts() => [.. Enumerable.Range(0, _map.PartCount).Select(part => _map.Part(part).Id)];

    public void Changed(IReadOnlyCollection<PartId> parts)
    {
        // What another player has fetched meanwhile comes a second time, at the worst.
    }

    public void Answered(Piece piece)
    {
        lock (_gate) _scheduler.Answered(piece, Now);
    }

    public void Progressed(Piece piece, int bytes)
    {
        lock (_gate) _scheduler.Progressed(piece, bytes, Now);
    }

    public void Overhead(Piece piece, int bytes)
    {
        // Nobody counts it.
    }

    public async Task<bool> TryRecallAsync(ManifestPart part, CancellationToken cancellationToken)
    {
        if (_checker.IsReady(part)) return true;
        var list = new byte[part.Layout.HashList.Length];
        return await _store.TryReadHashListAsync(part.Id, part.Layout, list, cancellationToken) && _checker.TryLearn(part, list);
    }

    public Task LearntAsync(ManifestPart part, ReadOnlyMemory<byte> hashList, CancellationToken cancellationToken) =>
        _store.AddHashListAsync(Content, part.Id, part.Layout, hashList, cancellationToken);

    public async Task ArrivedAsync(Piece piece, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        var part = _map.Part(_map.PartOf(piece.Next));
        await _store.AddAsync(Content, part.Id, part.Layout, _map.WithinPart(piece.Next), stored, cancellationToken);
        lock (_gate) _scheduler.Arrived(piece);
    }

    private async Task FetchAsync(Piece piece, CancellationToken cancellationToken)
    {
        ServerFault? fault = null;
        try
        {
            fault = await _fetcher.FetchAsync(piece, cancellationToken);
        }
        finally
        {
            lock (_gate) _scheduler.Ended(piece, fault, Now);
        }
    }

    // Segments that are no part of the start, and those that the store has.
    private void HoldWhatIsNotWanted()
    {
        for (var number = 0; number < _map.PartCount; number++)
        {
            var part = _map.Part(number);
            var held = _store.HeldOf(part.Id);
            for (var segment = 0; segment < part.Layout.SegmentCount; segment++)
            {
                var isWanted = _answer.Start.Runs.Any(run => run.Part == part.Id && segment >= run.First && segment < run.First + run.Count);
                if (!isWanted || held?[segment] == true) _scheduler.Hold(_map.FirstSegment(number) + segment);
            }
        }
    }
}
