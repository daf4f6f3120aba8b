namespace Scdn.Client.Scheduling;

/// <summary>
/// Over how many connections a segment is fetched that playing waits for. One that has rested may send only some 14 KiB before the first acknowledgement (RFC 6928; RFC 5681, section 4.1), so a segment over one connection takes three
/// round trips however fast the line is: over two it takes two, over four one. Several servers bear more of them than one, whose line all of them share.
/// </summary>
internal static class UrgentWays
{
    private const int ToOneServer = 3;
    private const int ToSeveral = 4;

    /// <summary>Segments that are asked of one server at the same time: more than a line and the queue before it hold would be lost in part, and come again much later.</summary>
    private const int SegmentsEach = 7;

    /// <summary>What a connection that has rested may send at once: ten packets (RFC 6928).</summary>
    private const long FirstWindow = 14_600;

    /// <summary>Connections for so many bytes, at most: what one may send at once comes no sooner over two.</summary>
    public static int WorthIt(long bytes) => (int)Math.Min(ToSeveral, (bytes + FirstWindow - 1) / FirstWindow);

    /// <summary>Connections for one segment, at most.</summary>
    /// <param name="servers">How many servers are in use.</param>
    public static int Most(int servers) => servers > 1 ? ToSeveral : ToOneServer;

    /// <summary>Connections for one segment, while other sockets have something else to do.</summary>
    /// <param name="least">How many sockets one server begins with.</param>
    /// <param name="most">How many there may be.</param>
    /// <param name="servers">How many servers are in use.</param>
    public static int Of(int least, int most, int servers) => Math.Clamp(most / least, 1, Most(servers));

    /// <summary>Connections for each of several segments that are needed one after the other: few segments at once, so that the first of them can be shown while the last come, but so many that the lines of all servers are full. When there are few, all connections share them.</summary>
    /// <param name="segments">How many.</param>
    /// <inheritdoc cref="Of"/>
    public static int InTurn(int least, int most, int servers, int segments)
    {
        var (connections, atOnce) = (Connections(least, most, servers), AtOnce(servers));
        return Math.Max((connections + atOnce - 1) / atOnce, Math.Min(connections / Math.Max(1, segments), Of(least, most, servers)));
    }

    /// <summary>Connections for each of the segments in front of a reader that went elsewhere. Most connections have rested then: fewer for each keep the line fuller, for more segments are on their way.</summary>
    /// <inheritdoc cref="Of"/>
    public static int InFront(int least, int most, int servers) =>
        Math.Clamp(Connections(least, most, servers) / AtOnce(servers), 1, Of(least, most, servers));

    /// <summary>Connections for all that is urgent: what a play begins with, and what a reader that went elsewhere waits for.</summary>
    /// <inheritdoc cref="Of"/>
    public static int Connections(int least, int most, int servers) => Math.Clamp(least * Most(servers), least, Math.Max(least, most));

    /// <summary>Connections to one server that are made ahead of a play: each segment that it may be asked for at first finds all that it is cut over, for one that is still to be made brings its part a round trip later.</summary>
    /// <param name="place">The server's place in the ranking, from 0. One that comes after as many as there are segments is only asked how far it is.</param>
    /// <inheritdoc cref="Of"/>
    public static int Ahead(int place, int least, int most, int servers)
    {
        var (connections, ways) = (Connections(least, most, servers), Of(least, most, servers));
        var segments = connections / ways;
        return place < segments ? (segments + servers - 1) / servers * ways : 1;
    }

    private static int AtOnce(int servers) => SegmentsEach * Math.Max(1, servers);
}
