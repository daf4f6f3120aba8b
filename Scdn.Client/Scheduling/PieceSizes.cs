using Scdn.Format;

namespace Scdn.Client.Scheduling;

/// <summary>
/// How many segments one request asks for. What is in flight is the queue in front of the next seek, so all sockets together
/// hold about one bandwidth-delay product; and a piece is never a large share of what is still ahead of the reader.
/// </summary>
internal static class PieceSizes
{
    private const int MostSegments = 16;
    private const int MostHeadSegments = 8;

    /// <summary>More than one product, or the measured rate could never rise above what the pieces themselves allow.</summary>
    private const double Headroom = 1.5;

    /// <summary>Segments of a piece of read-ahead.</summary>
    /// <param name="bytesPerSecond">The rate of all sockets together.</param>
    /// <param name="roundTrip">The shortest way to a server.</param>
    /// <param name="sockets">How many share the rate.</param>
    /// <param name="ahead">Bytes that the reader can go on for without this piece.</param>
    public static int ReadAhead(double bytesPerSecond, TimeSpan roundTrip, int sockets, long ahead)
    {
        var product = bytesPerSecond * roundTrip.TotalSeconds * Headroom / sockets;
        var calm = ahead / (sockets * 4.0);
        return Math.Clamp((int)Math.Ceiling(Math.Max(product, calm) / PartLayout.SegmentSize), 1, MostSegments);
    }

    /// <summary>Segments of a piece of the head: nothing else is worth fetching before it is whole, so all sockets share it.</summary>
    public static int Head(int missing, int sockets) => Math.Clamp((missing + sockets - 1) / sockets, 1, MostHeadSegments);
}
