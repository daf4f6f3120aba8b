namespace Scdn.Client.Scheduling;

/// <summary>What a server delivers at its best: the most of late that came within about a round trip, as a share of the line that it has when it is kept busy (as BBR estimates a bottleneck; draft-ietf-ccwg-bbr, section 5.5). No clock: the time is an argument.</summary>
internal sealed class DeliveryRate
{
    /// <summary>What is kept of the best with each round trip that brought less: half of it is forgotten in a dozen.</summary>
    private const double Fading = 0.94;

    private static readonly TimeSpan ShortestSpan = TimeSpan.FromMilliseconds(20);

    private long _bytes;
    private TimeSpan? _since;

    /// <summary>Bytes a second; 0 before anything is known.</summary>
    public double BytesPerSecond { get; private set; }

    /// <summary>Bytes have arrived.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="now">When.</param>
    /// <param name="roundTrip">The way to the server.</param>
    public void Add(int bytes, TimeSpan now, TimeSpan roundTrip)
    {
        var span = roundTrip > ShortestSpan ? roundTrip : ShortestSpan;
        // After a rest it begins anew.
        if (_since is not { } since || now - since > span * 2)
        {
            (_since, _bytes) = (now, 0);
            return;
        }

        _bytes += bytes;
        if (now - since < span) return;
        BytesPerSecond = Math.Max(_bytes / (now - since).TotalSeconds, BytesPerSecond * Fading);
        (_since, _bytes) = (now, 0);
    }
}
