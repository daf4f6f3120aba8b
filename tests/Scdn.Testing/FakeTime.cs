namespace Scdn.Testing;

/// <summary>
/// A clock that moves only when a test says so. Arm before you act: <see cref="UntilArmedAsync"/> waits until the code under test waits for the clock, then
/// <see cref="Advance"/> fires what falls due, in order, on the caller's thread.
/// </summary>
public sealed class FakeTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _armed = [];
    private readonly List<(Func<int> Count, int Wanted, TaskCompletionSource Reached)> _waiters = [];
    private DateTimeOffset _now = start;

    /// <summary>Starts on a fixed day, so that a test's output doesn't change from run to run.</summary>
    public FakeTime()
        : this(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))
    {
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timers that wait for the clock now.</summary>
    public int Armed
    {
        get
        {
            lock (_gate) return _armed.Count;
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes when at least <paramref name="timers"/> timers wait for the clock.</summary>
    public Task UntilArmedAsync(int timers = 1) => UntilAsync(() => _armed.Count, timers);

    /// <summary>Completes when at least <paramref name="timers"/> timers will fire within <paramref name="span"/> from now.</summary>
    public Task UntilArmedWithinAsync(TimeSpan span, int timers = 1) => UntilAsync(() => _armed.Count(timer => timer.Due <= _now + span), timers);

    /// <summary>Moves the clock, firing each timer at its own instant.</summary>
    public void Advance(TimeSpan span)
    {
        var end = GetUtcNow() + span;
        while (TakeNext(end) is { } timer) timer.Fire();
    }

    private Task UntilAsync(Func<int> count, int wanted)
    {
        lock (_gate)
        {
            if (count() >= wanted) return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, wanted, reached));
            return reached.Task;
        }
    }

    private FakeTimer? TakeNext(DateTimeOffset end)
    {
        lock (_gate)
        {
            var next = _armed.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            _now = next is null ? end : next.Due > _now ? next.Due : _now;
            if (next is null) return null;
            if (next.Period > TimeSpan.Zero) next.Due += next.Period;
            else _armed.Remove(next);
            Notify();
            return next;
        }
    }

    private void Notify()
    {
        foreach (var waiter in _waiters.Where(waiter => waiter.Count() >= waiter.Wanted).ToList())
        {
            _waiters.Remove(waiter);
            waiter.Reached.SetResult();
        }
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._armed.Remove(this);
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time._now + dueTime;
                time._armed.Add(this);
                time.Notify();
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._gate) time._armed.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
