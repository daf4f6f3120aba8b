namespace Scdn.Host.Parts;

/// <summary>
/// Holds all answers of a server together below a rate. Each answer asks for one small slice after the other, slices are granted in the order in which
/// they were asked for, so answers share the rate evenly however many there are. A token bucket, kept as the instant at which it will be full again
/// (the generic cell rate algorithm, ITU-T I.371).
/// </summary>
internal sealed class RateCap
{
    /// <summary>What may go out at once after a pause. Short, so that the rate holds over any tenth of a second.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private long _full;

    public RateCap(long bytesPerSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesPerSecond);
        BytesPerSecond = bytesPerSecond;
        _time = time;
        _full = time.GetTimestamp();
        SliceBytes = (int)Math.Clamp(bytesPerSecond / 50, 1024, 256 * 1024);
    }

    public long BytesPerSecond { get; }

    /// <summary>How much an answer should ask for at a time: 20 ms of the rate, at least 1 KiB.</summary>
    public int SliceBytes { get; }

    /// <summary>Waits until that many bytes may go out.</summary>
    public ValueTask TakeAsync(int bytes, CancellationToken cancel)
    {
        var wait = Reserve(bytes);
        return wait > TimeSpan.Zero ? new(Task.Delay(wait, _time, cancel)) : ValueTask.CompletedTask;
    }

    /// <summary>Takes the next place in the line and says how long it is until then.</summary>
    internal TimeSpan Reserve(int bytes)
    {
        var cost = (long)((double)bytes / BytesPerSecond * _time.TimestampFrequency);
        var burst = (long)(Burst.TotalSeconds * _time.TimestampFrequency);
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            // The slice may start when all that was granted before it has gone out, less the burst.
            var start = Math.Max(_full, now);
            _full = start + cost;
            var wait = start - burst - now;
            return wait > 0 ? TimeSpan.FromSeconds((double)wait / _time.TimestampFrequency) : TimeSpan.Zero;
        }
    }
}
