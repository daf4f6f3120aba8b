using Scdn.Client.Sources;
using Scdn.Client.Storing;
using Scdn.Format;

namespace Scdn.Client.Reserving;

/// <summary>
/// A content that is fetched ahead on a line too slow to play it, until it can be watched to the end without a stop. All of it is fetched, in play order, and kept in the reservation's folder; <see cref="State"/> says when it will be ready, corrected as the line changes. A player is given <see cref="Network"/> then, which
/// fetches on. Thread-safe.
/// </summary>
public sealed class Reservation : IAsyncDisposable
{
    /// <summary>With how many sockets it is best fetched, unless somebody knows better: what comes over fewer at the same time comes more in order, and two fill a line that is slow.</summary>
    public const int Sockets = 3;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly PartStore _store;
    private readonly TimeProvider _time;
    private readonly WatchPlan _plan;
    private readonly ReadyTime _ready;
    private readonly PromiseLog _log = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _isReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IProgress<ReserveState>? _progress;
    private readonly long _startedAt;
    private readonly DateTimeOffset _since;
    private readonly Task _watching;
    private ReserveState _state;
    private bool[] _held;
    private bool[] _before;
    private long _heldBefore;

    private Reservation(ReservedFolder folder, PlayGrant grant, NetworkOptions options, double speed, IProgress<ReserveState>? progress)
    {
        (_time, _progress) = (options.Time, progress);
        _store = PartStore.OpenToKeep(folder.Path, grant.Header.Parts.Sum(part => part.StoredLength) + ReservedFolder.SlackBytes, _time);
        (_startedAt, _since) = (_time.GetTimestamp(), _time.GetUtcNow());
        Network = NetworkManager.Start(grant, options with { FetchesAll = true, Store = _store });
        _plan = new(Network.Map, Network.Times, options.StartAt, speed);
        _ready = new(_plan);
        (_held, _before) = (new bool[Network.Map.Count], new bool[Network.Map.Count]);
        _state = new(0, _plan.AllBytes, null, false, null, null);
        _watching = WatchAsync();
    }

    /// <summary>Fetches; to be given to a player once it is ready. It ends with this.</summary>
    public NetworkManager Network { get; }

    /// <summary>How far it is.</summary>
    public ReserveState State
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    /// <summary>What was promised until now, and what came of it.</summary>
    public ReserveReport Report
    {
        get
        {
            lock (_gate) return _log.Report(_since, _heldBefore, _plan.AllBytes);
        }
    }

    /// <summary>Begins to fetch, or goes on with what is there.</summary>
    /// <param name="folder">Where it is kept; must live longer.</param>
    /// <param name="grant">Of <see cref="ReservedFolder.AskAsync"/>; its key must not be disposed of before this.</param>
    /// <param name="options">How it is fetched; where playing begins is <see cref="NetworkOptions.StartAt"/>.</param>
    /// <param name="speed">How many times real time it will be played.</param>
    /// <param name="progress">Told the state four times a second; null when nobody asks.</param>
    public static Reservation Begin(ReservedFolder folder, PlayGrant grant, NetworkOptions options, double speed = 1, IProgress<ReserveState>? progress = null) => new(folder, grant, options, speed, progress);

    /// <summary>Waits until it can be watched to the end without a stop.</summary>
    /// <param name="cancellationToken">Gives up waiting; what is here stays, and more is fetched.</param>
    /// <exception cref="ScdnException">Nothing more will come: the site does not let the viewer play on, or the disk is full.</exception>
    public Task ReadyAsync(CancellationToken cancellationToken) => _isReady.Task.WaitAsync(cancellationToken);

    /// <summary>Stops fetching. What is here stays.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        await Network.DisposeAsync();
        await _store.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(LookEvery, _time);
        try
        {
            await Network.Joined.WaitAsync(_stopping.Token);
            lock (_gate)
            {
                Network.LookAtHeld(_before);
                _heldBefore = _plan.HeldBytes(_before);
            }

            while (await timer.WaitForNextTickAsync(_stopping.Token)) Look();
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
        catch (Exception fault)
        {
            _isReady.TrySetException(fault);
        }
    }

    private void Look()
    {
        ReserveState state;
        lock (_gate)
        {
            var now = _time.GetElapsedTime(_startedAt);
            Network.LookAtHeld(_held);
            _ready.Tell(Network.Statistics.FetchedBytes, now);
            var held = _plan.HeldBytes(_held);
            var wait = _isReady.Task.IsCompletedSuccessfully ? TimeSpan.Zero : _ready.Wait(_held);
            _log.Came(_plan.EarliestStart(_before, _held, now), held == _plan.AllBytes);
            if (wait is { } known) _log.Promised((double)held / _plan.AllBytes, now, known);
            DateTimeOffset? readyAt = wait is { } span && span < TimeSpan.FromDays(3650) ? _time.GetUtcNow() + span : null;
            _state = state = new(held, _plan.AllBytes, _ready.BytesPerSecond, _ready.IsStopped, readyAt, wait);
            (_held, _before) = (_before, _held);
        }

        _progress?.Report(state);
        if (state.IsReady) _isReady.TrySetResult();
        else if (Network.Failure is { } failure) _isReady.TrySetException(failure);
    }
}
