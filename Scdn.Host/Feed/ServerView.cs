using Scdn.Format.Wire;

namespace Scdn.Host.Feed;

/// <summary>
/// The latest of what a content server has been told, and when. A snapshot is built aside and takes the place of what was known in one step, so that
/// nobody is refused while it is being told.
/// </summary>
internal sealed class ServerView(TimeProvider time)
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FeedFacts? _snapshot;
    private long _heard;
    private long _swept;

    /// <summary>Raised after the facts changed, on the follower's own time: be quick.</summary>
    public event EventHandler? Changed;

    /// <summary>Raised when a connection has told everything: what was reported before may have been lost with the one before.</summary>
    public event EventHandler? Reconnected;

    public FeedFacts Facts { get; private set; } = new();

    /// <summary>Completes once the first snapshot is known.</summary>
    public Task Ready => _ready.Task;

    /// <summary>When a control host was last heard; the beginning of time when never.</summary>
    public DateTimeOffset LastHeard => new(Interlocked.Read(ref _heard), TimeSpan.Zero);

    /// <summary>Takes a line in.</summary>
    /// <param name="line">The line.</param>
    /// <param name="first">Whether the connection has not caught up before.</param>
    public void Take(FeedLine line, bool first)
    {
        if (line.Reset) _snapshot = new();
        // The last thing that it is told, be it in the midst of a snapshot that never gets whole.
        (line.Expelled ? Facts : _snapshot ?? Facts).Take(line);
        if (line.CaughtUp)
        {
            var whole = _snapshot is not null;
            if (_snapshot is { } snapshot) (Facts, _snapshot) = (snapshot, null);
            if (whole) _ready.TrySetResult();
            if (first && Ready.IsCompleted) Reconnected?.Invoke(this, EventArgs.Empty);
        }

        if (_snapshot is not null) return;
        Sweep();
        Interlocked.Exchange(ref _heard, time.GetUtcNow().UtcTicks);
        if (line.CaughtUp || line.Replica is not null || line.ControlHost is not null || line.Expelled) Changed?.Invoke(this, EventArgs.Empty);
    }

    // By time: where something always happens, nobody is ever told that all has been told.
    private void Sweep()
    {
        if (_swept != 0 && time.GetElapsedTime(_swept) < SweepInterval) return;
        _swept = time.GetTimestamp();
        Facts.Sweep(time.GetUtcNow());
    }

    /// <summary>A connection ended: what it had told of an unfinished snapshot counts for nothing.</summary>
    public void Abandon() => _snapshot = null;
}
