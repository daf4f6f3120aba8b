namespace Scdn.Client.Scheduling;

/// <summary>Until when a server brought what it can: who sends much less from some moment on is known by it afterwards. No clock: the time is an argument.</summary>
internal sealed class PaceWatch
{
    /// <summary>Less than so much of its best is little.</summary>
    private const double Share = 0.25;

    /// <summary>What is kept of the best with each window that brought less: half of it is forgotten in some 14 seconds.</summary>
    private const double Fading = 0.995;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);

    private TimeSpan _since;
    private double _bytes;
    private double _best;

    /// <summary>The last moment at which it did.</summary>
    public TimeSpan GoodUntil { get; private set; }

    /// <summary>Bytes have arrived.</summary>
    public void Add(int bytes, TimeSpan now)
    {
        if (now - _since >= Window)
        {
            _best = Math.Max(_bytes, _best * Fading);
            (_since, _bytes) = (now, 0);
        }

        _bytes += bytes;
        if (_bytes >= _best * Share) GoodUntil = now;
    }
}
