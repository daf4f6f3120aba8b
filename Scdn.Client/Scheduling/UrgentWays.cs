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

    /// <summary>Connections for one segment, at most.</summary>
    /// <param name="servers">How many servers are in use.</param>
    public static int Most(int servers) => servers > 1 ? ToSeveral : ToOneServer;

    /// <summary>Connections for one segment, while other sockets have something else to do.</summary>
    /// <param name="least">How many sockets one server begins with.</param>
    /// <param name="most">How many there may be.</param>
    /// <param name="servers">How many servers are in use.</param>
    public static int Of(int least, int most, int servers) => Math.Clamp(most / least, 1, Most(servers));

    /// <summary>Connections for each of many segments that are needed one after the other: few segments at once, so that the first of them can be shown while the last come, but so many that the lines of all servers are full.</summary>
    /// <inheritdoc cref="Of"/>
    public static int InTurn(int least, int most, int servers)
    {
        var atOnce = SegmentsEach * Math.Max(1, servers);
        return (Connections(least, most, servers) + atOnce - 1) / atOnce;
    }

    /// <summary>Connections for all that is urgent: what a play begins with.</summary>
    /// <inheritdoc cref="Of"/>
    public static int Connections(int least, int most, int servers) => Math.Clamp(least * Most(servers), least, Math.Max(least, most));
}
