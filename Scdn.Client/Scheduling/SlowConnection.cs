using Scdn.Format;

namespace Scdn.Client.Scheduling;

/// <summary>
/// Tells a connection that brings much less than its share of what its server brings: one that lost packets early sends a window of a few packets for many seconds (RFC 5681, section 3.1), and what it was asked for stands in the way of a reader long after all around it is there. A new one
/// is faster after a few round trips.
/// </summary>
internal static class SlowConnection
{
    /// <summary>Less than so much of its share is little.</summary>
    private const double Share = 0.5;

    /// <summary>Before that its rate says nothing.</summary>
    private const int SettlingRoundTrips = 3;

    /// <summary>What a new connection takes to bring as much as a request asks for.</summary>
    private const int RoundTripsAnew = 6;

    /// <summary>Whether a piece comes over one, and what follows the segment that is coming in now would come sooner over another.</summary>
    public static bool Brings(Piece piece, TimeSpan now)
    {
        if (piece is not { Reason: PieceReason.ReadAhead, Ways: 1, Answered: { } answered } || piece.End - piece.Next < 2) return false;
        var way = piece.Server.RoundTrip.Shortest ?? default;
        if (now - answered < way * SettlingRoundTrips) return false;
        var rate = piece.Received / (now - answered).TotalSeconds;
        var left = piece.Bytes - piece.Received - PartLayout.SegmentSize;
        return rate < piece.Server.Rate.BytesPerSecond / piece.Server.InFlight * Share && left > rate * way.TotalSeconds * RoundTripsAnew;
    }
}
