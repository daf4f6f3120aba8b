using Scdn.Format;

namespace Scdn.Client.Scheduling;

/// <summary>
/// How much read-ahead is on its way from a server, and how much one request asks for. A server's way stays full as long as a few bandwidth-delay products are on theirs; what is more lets fewer requests do, but it is the queue in front of the next seek. So a reader
/// that has just jumped gets little, and one that reads on more and more.
/// </summary>
internal static class AheadSizes
{
    /// <summary>What is in front of a reader that went elsewhere, some seconds of play: it will wait for that, too, before anything is shown, for a decoder begins with the key frame before.</summary>
    public const long InFrontBytes = 24 * PartLayout.SegmentSize;

    /// <summary>Bandwidth-delay products for one who is known to read on.</summary>
    public const double MostProducts = 8;

    private const int MostSegments = 32;

    /// <summary>Before it is known what a server brings.</summary>
    private const int FirstSegments = 10;

    /// <summary>With one its way would be empty between two requests.</summary>
    private const int LeastSegments = 2;

    private const double LeastProducts = 2.5;

    /// <summary>A reader is taken to go on reading for as long as it has: with so many round trips it is trusted with one product more.</summary>
    private const double RoundTripsEach = 2;

    /// <summary>How many bandwidth-delay products are to be on their way from each server.</summary>
    /// <param name="bytesPerSecond">The rate of all servers together.</param>
    /// <param name="roundTrip">The shortest way to a server.</param>
    /// <param name="read">Bytes that the reader has read without a jump.</param>
    public static double Products(double bytesPerSecond, TimeSpan roundTrip, long read)
    {
        var product = bytesPerSecond * roundTrip.TotalSeconds;
        return product > 0 ? Math.Min(MostProducts, LeastProducts + (read / product / RoundTripsEach)) : LeastProducts;
    }

    /// <summary>Bytes that are to be on their way from a server.</summary>
    /// <param name="bytesPerSecond">What it brings at its best; 0: not known.</param>
    /// <param name="roundTrip">The way to it.</param>
    /// <param name="products">Bandwidth-delay products.</param>
    public static long OnTheWay(double bytesPerSecond, TimeSpan roundTrip, double products)
    {
        if (bytesPerSecond == 0) return FirstSegments * PartLayout.SegmentSize;
        return (long)Math.Max(bytesPerSecond * roundTrip.TotalSeconds * products, LeastSegments * PartLayout.SegmentSize);
    }

    /// <summary>Segments that one request asks a server for.</summary>
    /// <param name="onTheWay">Bytes that are to be on their way from it.</param>
    /// <param name="inFlight">Bytes that are.</param>
    /// <param name="left">Bytes from here to the end: towards it requests become small, or one server would still be at work on its last one when the others have nothing left to do.</param>
    /// <param name="sockets">Requests at the same time, to all servers.</param>
    /// <param name="servers">How many servers are in use.</param>
    public static int Segments(long onTheWay, long inFlight, long left, int sockets, int servers)
    {
        var each = Math.Min(onTheWay / Math.Max(1, sockets / Math.Max(1, servers)), onTheWay - inFlight);
        var size = Math.Min(each, left / Math.Max(1, sockets));
        return Math.Clamp((int)Math.Round(size / (double)PartLayout.SegmentSize), 1, MostSegments);
    }
}
