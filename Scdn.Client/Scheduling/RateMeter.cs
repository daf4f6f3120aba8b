namespace Scdn.Client.Scheduling;

/// <summary>Bytes per second over about the last half second, falling off exponentially.</summary>
internal sealed class RateMeter
{
    private const double WindowSeconds = 0.5;
    private double _rate;
    private TimeSpan _at;

    public void Add(long bytes, TimeSpan now)
    {
        _rate = BytesPerSecond(now) + (bytes / WindowSeconds);
        _at = now;
    }

    public double BytesPerSecond(TimeSpan now) => _rate * Math.Exp(-(now - _at).TotalSeconds / WindowSeconds);
}
