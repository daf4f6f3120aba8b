namespace Scdn.Client.Scheduling;

/// <summary>
/// How many sockets fetch at the same time. On a line that loses packets, or a long fat one, each socket brings only so much, however fast the line is; more of them bring more. So while all are busy a few more are tried now and then, and kept when they brought
/// more. No clock: the time is an argument. Not thread-safe.
/// </summary>
/// <param name="least">With how many it begins; there are never fewer.</param>
/// <param name="most">More are never tried.</param>
internal sealed class SocketCount(int least, int most)
{
    /// <summary>So many more are tried at once, as a share of those that there are: fewer would drown in the noise.</summary>
    private const double Growth = 0.5;

    private static readonly TimeSpan ShortestLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>A new connection needs so many round trips to show what it can bring.</summary>
    private const int SettlingRoundTrips = 15;

    /// <summary>Beyond so many servers it is the viewer's own line that says how much comes.</summary>
    private const int MostServers = 4;

    /// <summary>So many more for each of several servers: who gets enough asks for a segment a request, and five of them on their way leave a line empty for a sixth of the time.</summary>
    private const int MoreOfEach = 2;

    // What it grew to.
    private int _current;
    private TimeSpan _since;
    private TimeSpan _retryAt;
    private long _received;
    private bool _wasBusy = true;
    private bool _settling;
    private (int Count, double Rate)? _before;

    /// <summary>As options have it: the most is never below what it begins with.</summary>
    public SocketCount(NetworkOptions options)
        : this(options.Sockets, Math.Max(options.Sockets, options.MostSockets))
    {
    }

    /// <summary>How many there may be.</summary>
    public int Most => most;

    /// <summary>How many it begins with.</summary>
    public int Least => least;

    /// <summary>How many servers are in use: each of several has a line of its own to fill.</summary>
    public int Servers { get; set; } = 1;

    /// <summary>How many there are now; one of them stays free for what a reader will wait for.</summary>
    public int Current => Math.Max(_current, Servers > 1 ? Math.Min(Math.Max(least, most), (Math.Min(Servers, MostServers) * (least + MoreOfEach)) + 1) : least);

    /// <summary>Bytes have arrived.</summary>
    public void Received(int bytes) => _received += bytes;

    /// <summary>Looks at what was brought since it last did, when that is long enough ago.</summary>
    /// <param name="now">The time.</param>
    /// <param name="allBusy">Whether all sockets have something to do.</param>
    /// <param name="way">The shortest way to a server.</param>
    public void Tick(TimeSpan now, bool allBusy, TimeSpan way)
    {
        _wasBusy &= allBusy;
        var look = way * SettlingRoundTrips;
        if (now - _since < (look > ShortestLook ? look : ShortestLook)) return;
        var rate = _received / (now - _since).TotalSeconds;
        var busy = _wasBusy;
        (_since, _received, _wasBusy) = (now, 0, true);
        if (!busy) GiveUp(now, TimeSpan.Zero);
        else if (_settling) _settling = false;
        else Judge(rate, now);
    }

    private void Judge(double rate, TimeSpan now)
    {
        // Half of what they should bring if each brought as much as those before it.
        if (_before is { } before && rate < before.Rate * (before.Count + Current) / 2 / before.Count)
        {
            GiveUp(now, Patience);
            return;
        }

        _before = null;
        if (now < _retryAt || Current >= most) return;
        _before = (Current, rate);
        _settling = true;
        _current = Math.Min(most, Current + Math.Max(1, (int)(Current * Growth)));
    }

    // Nothing can be said, or the further ones did not bring enough.
    private void GiveUp(TimeSpan now, TimeSpan pause)
    {
        if (_before is { } before) _current = before.Count;
        (_before, _settling) = (null, false);
        if (now + pause > _retryAt) _retryAt = now + pause;
    }
}
