namespace Scdn.Host.Parts;

/// <summary>Counts bytes as they go out; who reports load reads it off once a second.</summary>
internal sealed class TrafficMeter(TimeProvider time)
{
    private readonly Lock _reading = new();
    private long _total;
    private long _totalBefore;
    private long _readAt = time.GetTimestamp();

    public void Add(long bytes) => Interlocked.Add(ref _total, bytes);

    /// <summary>Bytes per second since the reading before.</summary>
    public long ReadRate()
    {
        lock (_reading)
        {
            var (now, total) = (time.GetTimestamp(), Interlocked.Read(ref _total));
            var elapsed = time.GetElapsedTime(_readAt, now).TotalSeconds;
            var rate = elapsed > 0 ? (long)((total - _totalBefore) / elapsed) : 0;
            (_totalBefore, _readAt) = (total, now);
            return rate;
        }
    }
}
