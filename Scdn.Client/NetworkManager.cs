using Scdn.Client.Connections;
using Scdn.Client.Explaining;
using Scdn.Client.Licences;
using Scdn.Client.Scheduling;
using Scdn.Client.Sources;
using Scdn.Client.Storing;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client;

/// <summary>
/// Fetches the parts of one content from its servers, keeps them, and hands their bytes to readers: what a reader waits for first, then the container's head,
/// then what comes next in play order. Several servers and sockets are used at once; one that fails is left at once and tried again later; every
/// segment is checked before a byte of it is given out. What was fetched is kept as it was received in a store that all players share (<see cref="PartStore"/>), and not fetched again as long as it is
/// there; a content that was taken along is read from its own folder. Thread-safe.
/// </summary>
public sealed class NetworkManager : IAsyncDisposable
{
    /// <summary>How often is looked for what is late: well below the shortest time-out.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    /// <summary>So much more is read before a frame comes out: decoders hold back what they put in order and what their threads are at work on, and the places of frames between key frames are estimates (FFmpeg read 0.11 to 0.48 s of play more).</summary>
    private static readonly TimeSpan DecoderDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Who gets so many times what is played gets ahead.</summary>
    private const double EnoughTimesPlayed = 1.5;

    private const long UnknownWindowBytes = 16 * 1024 * 1024;
    private const long SmallestWindowBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly NetworkOptions _options;
    private readonly PlayGrant _grant;
    private readonly SegmentMap _map;
    private readonly PlayTimeMap _times;
    private readonly ServerBoard _servers;
    private readonly FetchScheduler _scheduler;
    private readonly FetchTally _tally = new();
    private readonly PlayLog _log;
    private readonly FetchNotes _notes;
    private readonly PlayReporter _reporter;
    private readonly PartStore? _parts;
    private readonly StorePlayer _player;
    private readonly SegmentStore _store;
    private readonly PieceFetcher _fetcher;
    private readonly AccessRenewal _renewal;
    private readonly PlaceKeeper _place;
    private readonly ContentConnections _connections;
    private readonly ITimer _ticker;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<Piece, CancellationTokenSource> _running = [];
    private readonly HashSet<Task> _tasks = [];
    private readonly List<ContentReader> _readers = [];
    private readonly long _startedAt;
    private TimeSpan _lastByte;
    private Exception? _failure;
    private bool _isOver;
    private bool _isReady;
    private bool _disposed;

    private NetworkManager(PlayGrant grant, NetworkOptions options)
    {
        (_grant, _options) = (grant, options);
        _startedAt = options.Time.GetTimestamp();
        _map = new(grant.Manifest.Parts);
        _times = new(grant.Manifest);
        _log = options.Log ?? new(options.Time);
        _notes = new(_log, _times, _log.Elapsed);
        _servers = new(grant.Access.Servers, options.Mirrors, grant.Access.Mirrors);
        _scheduler = new(_map, _servers, new SocketCount(options)) { WindowBytes = WindowOf(options), EnoughBytesPerSecond = EnoughRate(), FetchesAll = options.FetchesAll };
        _renewal = new(grant.Access, grant.RenewAsync, options.Time, Random.Shared);
        _player = new(this);
        _parts = grant.KeptIn is null ? options.Store ?? PartStore.Open(options) : null;
        var checker = new SegmentChecker(_map, grant.Header, grant.Key);
        _store = new(_map, checker, grant.Header, grant.Manifest.InlineHead, _parts, grant.KeptIn);
        for (var segment = 0; segment < (grant.KeptIn is null ? _store.InlineCount : _map.Count); segment++) _scheduler.Hold(segment);
        _connections = options.Connections ?? new();
        _connections.TellWays(_servers);
        _fetcher = new(_connections.Clients, _map, checker, new Observer(this), options.Time);
        _ticker = options.Time.CreateTimer(_ => OnTick(), null, Tick, Tick);
        _place = new(grant.Place, options.Time, OnPlaceLost);
        _log.Granted(NamedServers());
        _reporter = new(_log, Report, grant.Play is null ? null : grant.ReportAsync, options.Time);
    }

    /// <summary>What the licence still allows; null: it sets no limit. When it is over, reads throw <see cref="LimitException"/>, also of what is here.</summary>
    public PlayLimits? Limits => _grant.Limits;

    /// <summary>What the content's header says.</summary>
    public Manifest Manifest => _grant.Manifest;

    /// <summary>The content.</summary>
    public ContentId Content => _grant.Header.Content;

    /// <summary>Play time and places in the original.</summary>
    public PlayTimeMap Times => _times;

    /// <summary>What was done until now.</summary>
    public NetworkStatistics Statistics
    {
        get
        {
            lock (_gate) return _tally.Snapshot(_servers, _scheduler.Hedges);
        }
    }

    /// <summary>Whether a reader waits just now for what has not come.</summary>
    public bool IsWaitedFor
    {
        get
        {
            lock (_gate) return _readers.Any(reader => reader.Point.WaitingSince is not null);
        }
    }

    /// <summary>Which play it is; null: one that the site knows nothing of.</summary>
    public Guid? Play => _grant.Play;

    /// <summary>What happens in the play.</summary>
    public PlayLog Log => _log;

    /// <summary>Where everything is.</summary>
    internal SegmentMap Map => _map;

    /// <summary>Completes when it is known what the store has.</summary>
    internal Task Joined { get; private set; } = Task.CompletedTask;

    /// <summary>Why nothing more will come; null while something may.</summary>
    internal Exception? Failure
    {
        get
        {
            lock (_gate) return _failure;
        }
    }

    private TimeSpan Now => _options.Time.GetElapsedTime(_startedAt);

    /// <summary>Starts to fetch: the head and what is at <see cref="NetworkOptions.StartAt"/>, before anybody reads. It returns at once, and whatever goes wrong on the way is told to who reads.</summary>
    /// <param name="grant">What <see cref="Sessions.SiteClient.PlayAsync(ContentId, CancellationToken)"/> gave; its key must not be disposed of before this.</param>
    /// <param name="options">How; <c>new()</c> is good for playing.</param>
    /// <returns>To be disposed of when nothing reads any more.</returns>
    public static NetworkManager Start(PlayGrant grant, NetworkOptions options)
    {
        var network = new NetworkManager(grant, options);
        network.Join();
        network.Hint(options.StartAt);
        network.Warm();
        return network;
    }

    /// <summary>What is known of the play until now.</summary>
    public PlayReport Report() => _log.Report(Content, Play ?? Guid.Empty, Statistics);

    /// <summary>A further reader of the original, at its beginning; any number may read at the same time, each at its own place. To be disposed of when it has read.</summary>
    public ContentStream OpenStream() => new(OpenReader(0), Manifest.Length);

    /// <summary>A player is about to seek to this time: what it will read there first is fetched now, from the last key frame before on.</summary>
    public void Hint(TimeSpan time)
    {
        lock (_gate) _scheduler.Hint(_times.FirstRange(time), _times.SeekRange(time, DecoderDelay).Length, _times.SeekStart(time));
        Dispatch();
    }

    /// <summary>
    /// Fetches nothing beyond this byte of the original unless a reader waits for it; null lifts the limit. A player moves it along with
    /// what it shows, when the window is not to follow what it has read. Where all is fetched (<see cref="NetworkOptions.FetchesAll"/>) there is no such limit.
    /// </summary>
    public void LimitReadAhead(long? offset)
    {
        if (_options.FetchesAll) return;
        lock (_gate) _scheduler.ReadAheadLimit = offset;
        Dispatch();
    }

    /// <summary>What is here of the play time, cut into equal pieces; each is looked at in places. Empty where the play time is not known.</summary>
    /// <param name="pieces">How many.</param>
    public IReadOnlyList<Coverage> CoverageOf(int pieces)
    {
        if (_times.Duration <= TimeSpan.Zero) return [];
        var coverage = new Coverage[pieces];
        lock (_gate)
        {
            for (var piece = 0; piece < pieces; piece++)
            {
                var from = _times.OffsetAt(_times.Duration * piece / pieces);
                coverage[piece] = _scheduler.CoverageOf(new(from, Math.Max(0, _times.OffsetAt(_times.Duration * (piece + 1) / pieces) - from)));
            }
        }

        return coverage;
    }

    /// <summary>Stops fetching, ends all readers, gives back the place among the streams at the same time, and leaves the store, which removes what was fetched when nobody else uses it. A read that waits throws <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] tasks;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            Fail(new ObjectDisposedException(nameof(NetworkManager)));
            tasks = [.. _tasks];
        }

        await _stopping.CancelAsync();
        await _ticker.DisposeAsync();
        var told = _reporter.DisposeAsync();
        await _place.DisposeAsync();
        await told;
        if (_grant.Limits is { } limits) await limits.EndAsync();
        await Task.WhenAll(tasks);
        if (_options.Connections is null) _connections.Dispose();
        _parts?.Leave(_player);
        if (_parts is not null && _options.Store is null) await _parts.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>Says of each segment whether it is here.</summary>
    internal void LookAtHeld(Span<bool> held)
    {
        lock (_gate)
        {
            for (var segment = 0; segment < held.Length; segment++) held[segment] = _scheduler.IsHeld(segment);
        }
    }

    internal ContentReader OpenReader(long position)
    {
        ContentReader reader;
        lock (_gate)
        {
            reader = new(this, _scheduler.AddReader(position));
            _readers.Add(reader);
        }

        Dispatch();
        return reader;
    }

    internal void Aim(ContentReader reader, long position)
    {
        lock (_gate)
        {
            _scheduler.Aim(reader.Point, position);
            Abandon();
        }

        Dispatch();
    }

    internal void Leave(ContentReader reader)
    {
        lock (_gate)
        {
            _scheduler.RemoveReader(reader.Point);
            _readers.Remove(reader);
            Abandon();
        }

        Dispatch();
    }

    internal async ValueTask<int> ReadAsync(ContentReader reader, Memory<byte> output, CancellationToken cancellationToken)
    {
        if (output.Length == 0 || reader.Position >= _map.Length) return 0;
        var run = _map.Locate(reader.Position);
        var count = Math.Min(output.Length, run.Length);
        while (true)
        {
            if (MustWait(reader, run.Segment, out var arrival)) await ArriveAsync(reader, arrival, cancellationToken);
            if (await _store.TryReadAsync(run.Segment, run.Offset, output[..count], cancellationToken)) break;
            // The store forgot it. It tells that on, but to players that have joined only.
            lock (_gate) Compare(_map.PartOf(run.Segment));
        }

        lock (_gate) FetchScheduler.Advance(reader.Point, count);
        if (count == run.Length) Dispatch();
        return count;
    }

    private double EnoughRate() => _times.Duration > TimeSpan.Zero ? _times.Length / _times.Duration.TotalSeconds * EnoughTimesPlayed : double.PositiveInfinity;

    private long WindowOf(NetworkOptions options)
    {
        if (options.FetchesAll) return _times.Length;
        var wanted = _times.Duration > TimeSpan.Zero
            ? Math.Max(SmallestWindowBytes, (long)(_times.Length * (options.ReadAhead / _times.Duration)))
            : UnknownWindowBytes;
        // Beside it there are the head, the part that is read now, and those that other players need.
        return Math.Min(wanted, (options.Store?.SizeBytes ?? options.StoreSizeBytes) / 4);
    }

    // Where the store has nothing of this content, what it says need not be waited for.
    private void Join()
    {
        _isReady = _parts is null || !_parts.MayHoldFor(_player);
        if (_parts is not null) Track(Joined = JoinAsync(_parts));
    }

    private async Task JoinAsync(PartStore parts)
    {
        try
        {
            await parts.JoinAsync(_player, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            lock (_gate) Fail(new NetworkException($"What is fetched can't be kept in {_options.TemporaryRoot}: {error.Message}", inner: error));
        }

        lock (_gate) _isReady = true;
        Dispatch();
    }

    private bool MustWait(ContentReader reader, int segment, out Task arrival)
    {
        arrival = Task.CompletedTask;
        lock (_gate)
        {
            if (_disposed || _isOver) throw _failure!;
            if (_scheduler.IsHeld(segment)) return false;
            if (_failure is not null) throw _failure;
            reader.Wanted = segment;
            _notes.Waits(reader, segment, _scheduler.Pieces);
            reader.Point.WaitingSince = Now;
            reader.Arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
            arrival = reader.Arrival.Task;
            return true;
        }
    }

    private async Task ArriveAsync(ContentReader reader, Task arrival, CancellationToken cancellationToken)
    {
        Dispatch();
        try
        {
            await arrival.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _notes.Waited(reader);
                reader.Point.WaitingSince = null;
                reader.Wanted = null;
                reader.Arrival = null;
            }
        }
    }

    // Starts all that can be started now.
    private void Dispatch()
    {
        lock (_gate)
        {
            while (_isReady && !_disposed && _failure is null && _scheduler.Next(Now) is { } piece)
            {
                var abort = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                _running.Add(piece, abort);
                _notes.Asked(piece, _scheduler.Pieces, _readers);
                Track(Task.Run(() => RunAsync(piece, abort), CancellationToken.None));
            }
        }
    }

    private async Task RunAsync(Piece piece, CancellationTokenSource abort)
    {
        ServerFault? fault = null;
        try
        {
            fault = await _fetcher.FetchAsync(piece, abort.Token);
        }
        catch (OperationCanceledException)
        {
            // Given up: another server was faster, or all ends.
        }
        catch (Exception error)
        {
            // Not the server's fault: the disk is full, or ours.
            lock (_gate) Fail(error is ScdnException ? error : new NetworkException($"What was fetched could not be kept: {error.Message}", inner: error));
        }

        lock (_gate)
        {
            _running.Remove(piece);
            abort.Dispose();
            if (fault is ServerFault.Corrupt) _tally.Corrupt();
            if (fault is ServerFault.Refused)
            {
                _tally.Refused();
                _renewal.Refused();
            }

            var before = _servers.Failovers;
            _scheduler.Ended(piece, fault, Now);
            if (fault is { } failed) _notes.Failed(piece, failed, left: _servers.Failovers > before, _readers);
            else if (piece.Next == piece.End) _notes.Delivered(piece);
        }

        Dispatch();
    }

    private void OnTick()
    {
        lock (_gate)
        {
            if (_disposed) return;
            GiveUpLateReaders();
            if (!_isOver && _grant.Limits is { IsOver: true } limits)
            {
                _isOver = true;
                _failure = null;
                Fail(new LimitException(limits.WhyOver));
            }

            _scheduler.Tick(Now);
            if (_renewal.TryBegin(Now, _servers.IsExhausted)) Track(RenewAsync());
        }

        Dispatch();
    }

    private void GiveUpLateReaders()
    {
        if (_options.GiveUpAfter == Timeout.InfiniteTimeSpan) return;
        foreach (var reader in _readers)
        {
            if (reader.Point.WaitingSince is not { } since || Now - (since > _lastByte ? since : _lastByte) < _options.GiveUpAfter) continue;
            var given = new NetworkException($"No content server has sent a byte of content {Content} for {_options.GiveUpAfter.TotalSeconds:0} seconds: check the network, then try again.", isTransient: true);
            if (reader.Arrival?.TrySetException(given) is true) _log.GaveUp(given.Message);
        }
    }

    private async Task RenewAsync()
    {
        var (access, refusal) = await _renewal.RunAsync(_stopping.Token);
        lock (_gate)
        {
            _renewal.Ended(Now, access, _servers.IsCarriedByMirror);
            if (refusal is not null && _servers.IsExhausted) Fail(refusal);
            if (refusal is not null) _log.NotRenewed(refusal.Message);
            if (access is null) return;
            _tally.Renewed();
            _servers.Rank(access.Servers, access.Mirrors);
            _servers.ForgiveRefusals();
            _log.Renewed(NamedServers());
        }

        Dispatch();
    }

    private List<NamedServer> NamedServers()
    {
        var entries = _servers.Entries.Where(entry => !entry.Dropped).ToList();
        entries.Sort((one, other) => one.Rank.CompareTo(other.Rank));
        return [.. entries.Select(entry => new NamedServer(entry.Server.Name, entry.IsMirror ? null : entry.Server.Id))];
    }

    // A server that nothing was asked of yet gets a small question: its connection stands and its distance is known when it is needed.
    private void Warm()
    {
        lock (_gate)
        {
            foreach (var server in _servers.Entries.Where(entry => entry is { IsMirror: false, InFlight: 0, RoundTrip.Shortest: null }).Take(_options.Sockets)) Track(WarmAsync(server));
        }
    }

    private async Task WarmAsync(ServerEntry server)
    {
        // Without an answer nothing is lost: the first piece that it is asked for will show what it is worth.
        if (await _connections.WarmAsync(server.Server, _options.Time, _stopping.Token) is not { } way) return;
        lock (_gate) server.RoundTrip.Measured(way);
    }

    private void Track(Task task)
    {
        lock (_gate) _tasks.Add(task);
        _ = task.ContinueWith(
            ended =>
            {
                lock (_gate) _tasks.Remove(ended);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void Abandon()
    {
        foreach (var piece in _scheduler.Abandoned()) _ = _running[piece].CancelAsync();
    }

    private void OnPlaceLost(ScdnException refusal)
    {
        lock (_gate) Fail(refusal);
    }

    private void Fail(Exception error)
    {
        _failure ??= error;
        foreach (var reader in _readers) reader.Arrival?.TrySetException(_failure);
    }

    private void Hold(Piece piece)
    {
        var segment = piece.Next;
        _scheduler.Arrived(piece);
        Arrived(segment, piece);
    }

    private void Arrived(int segment, Piece? by)
    {
        foreach (var reader in _readers.Where(reader => reader.Wanted == segment)) reader.Arrival?.TrySetResult();
        foreach (var (other, abort) in _running)
        {
            if (other != by && other.Contains(segment) && _scheduler.IsObsolete(other)) _ = abort.CancelAsync();
        }
    }

    // What the store says is asked under the gate: else a segment that has just come could be taken for one that is gone.
    private void Compare(int part)
    {
        var held = _parts!.HeldOf(_map.Part(part).Id);
        var first = _map.FirstSegment(part);
        for (var within = 0; within < _map.Part(part).Layout.SegmentCount; within++)
        {
            if (first + within < _store.InlineCount) continue;
            if (held is null || !held[within]) _scheduler.Forget(first + within);
            else if (_scheduler.Hold(first + within)) Arrived(first + within, by: null);
        }
    }

    private sealed class Observer(NetworkManager network) : IPieceObserver
    {
        public string AuthenticationKey => network._renewal.AuthenticationKey;

        public void Answered(Piece piece)
        {
            lock (network._gate) network._scheduler.Answered(piece, network.Now);
        }

        public void Progressed(Piece piece, int bytes)
        {
            lock (network._gate)
            {
                network._scheduler.Progressed(piece, bytes, network.Now);
                Count(piece, bytes);
            }
        }

        public void Overhead(Piece piece, int bytes)
        {
            lock (network._gate) Count(piece, bytes);
        }

        public Task<bool> TryRecallAsync(ManifestPart part, CancellationToken cancellationToken) => network._store.TryRecallAsync(part, cancellationToken);

        public Task LearntAsync(ManifestPart part, ReadOnlyMemory<byte> hashList, CancellationToken cancellationToken) =>
            network._store.AddHashListAsync(part, hashList, cancellationToken);

        public async Task ArrivedAsync(Piece piece, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
        {
            // Before the store tells of it, for whoever waits goes on then.
            lock (network._gate) network._notes.Arrived(piece.Next, piece, network._readers);
            var isNew = await network._store.AddAsync(piece.Next, stored, plain, cancellationToken);
            lock (network._gate)
            {
                if (isNew) network._tally.Useful(stored.Length);
                network.Hold(piece);
            }

            network.Dispatch();
        }

        private void Count(Piece piece, int bytes)
        {
            if (network._lastByte == TimeSpan.Zero) network._log.FirstByte(piece.Server.Server.Name);
            network._lastByte = network.Now;
            network._tally.Fetched(piece.Server.Server.Name, bytes, network._lastByte);
        }
    }

    private sealed class StorePlayer(NetworkManager network) : IStorePlayer
    {
        public ContentId Content => network.Content;

        public bool TryGetLayout(PartId part, out PartLayout layout)
        {
            var isKnown = network._map.TryGetNumber(part, out var number);
            layout = isKnown ? network._map.Part(number).Layout : default;
            return isKnown;
        }

        public IReadOnlyCollection<PartId> NeededParts()
        {
            lock (network._gate) return [.. network._scheduler.NeededParts().Select(part => network._map.Part(part).Id)];
        }

        public void Changed(IReadOnlyCollection<PartId> parts)
        {
            lock (network._gate)
            {
                foreach (var part in parts)
                {
                    if (network._map.TryGetNumber(part, out var number)) network.Compare(number);
                }
            }

            network.Dispatch();
        }
    }
}
