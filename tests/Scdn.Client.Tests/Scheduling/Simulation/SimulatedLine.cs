namespace Scdn.Client.Tests.Scheduling.Simulation;

/// <summary>The way from a server to the viewer, as the lab emulates it: so many bytes a second, half a round trip, and a queue in front that drops what it can't hold.</summary>
internal sealed class SimulatedLine(SimulatedTime time, double bytesPerSecond, TimeSpan roundTrip, long queueBytes)
{
    /// <summary>Bytes of a packet: what it carries, and its size on the line.</summary>
    public const int Payload = 1448;

    /// <inheritdoc cref="Payload"/>
    public const int PacketBytes = 1500;

    private TimeSpan _freeAt;

    public SimulatedTime Time => time;

    public TimeSpan RoundTrip => roundTrip;

    /// <summary>Sends a packet. False when the queue is full.</summary>
    public bool TrySend(Action arrived)
    {
        var start = _freeAt > time.Now ? _freeAt : time.Now;
        if (((start - time.Now).TotalSeconds * bytesPerSecond) + PacketBytes > queueBytes) return false;
        _freeAt = start + TimeSpan.FromSeconds(PacketBytes / bytesPerSecond);
        time.At(_freeAt + (roundTrip / 2), arrived);
        return true;
    }
}
