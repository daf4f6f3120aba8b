using Scdn.Format;

namespace Scdn.Client.Scheduling;

/// <summary>
/// How many segments one request asks for. Between two requests a socket is idle for a round trip, so large pieces use a line better; but what is in flight is the queue in front of the next seek. So a reader that has just jumped gets little more than one
/// bandwidth-delay product in flight over all sockets, and one that reads on gets more and more, as does one that has much ahead of it.
/// </summary>
internal static class PieceSizes
{
    private const int MostSegments = 64;
    private const int MostHeadSegments = 8;

    /// <summary>More than one product, or the measured rate could never rise above what the pieces themselves allow.</summary>
    private const double LeastProducts = 1.5;

    /// <summary>With as many a socket is idle for a ninth of its time, and seldom while all the others are.</summary>
    private const double MostProducts = 8;

    /// <summary>A reader is taken to go on reading for as long as it has: so much sooner than that it is trusted.</summary>
    private static readonly TimeSpan TrustEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Segments of a piece of read-ahead.</summary>
    /// <param name="bytesPerSecond">The rate of all sockets together.</param>
    /// <param name="roundTrip">The shortest way to a server.</param>
    /// <param name="sockets">How many share the rate.</param>
    /// <param name="ahead">Bytes that the reader can go on for without this piece.</param>
    /// <param name="read">Bytes that the reader has read without a jump.</param>
    /// <param name="left">Bytes from here to the end: towards it pieces become small, or one server would still be at work on its last one when the others have nothing left to do.</param>
    public static int ReadAhead(double bytesPerSecond, TimeSpan roundTrip, int sockets, long ahead, long read, long left)
    {
        var product = bytesPerSecond * roundTrip.TotalSeconds / sockets;
        var trust = bytesPerSecond > 0 ? read / (bytesPerSecond * TrustEvery.TotalSeconds) : 0;
        var steady = product * Math.Min(MostProducts, LeastProducts + trust);
        // As much as is ahead may be in flight, but not so large a share of it in one piece that the others wait for it.
        var calm = Math.Min(ahead / (sockets * 4.0), Math.Max(product * MostProducts, PartLayout.SegmentSize));
        var size = Math.Min(Math.Max(steady, calm), left / (double)sockets);
        return Math.Clamp((int)Math.Ceiling(size / PartLayout.SegmentSize), 1, MostSegments);
    }

    /// <summary>A piece of the head: nothing but what comes first is worth fetching before it is whole, so all connections share it.</summary>
    /// <param name="missing">Segments of the head that are not here, and of what comes first.</param>
    /// <param name="connections">How many share them.</param>
    /// <param name="ways">Over how many at most one segment is fetched.</param>
    /// <returns>Segments of the piece, and over how many connections it is fetched.</returns>
    public static (int Segments, int Ways) Head(int missing, int connections, int ways) => missing < connections
        ? (1, Math.Clamp(connections / Math.Max(1, missing), 1, ways))
        : (Math.Clamp((missing + connections - 1) / connections, 1, MostHeadSegments), 1);
}
