using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Scheduling;

/// <summary>Why a piece is fetched, most urgent first.</summary>
internal enum PieceReason
{
    /// <summary>A reader waits for it.</summary>
    Demand,

    /// <summary>The container's head, without which nothing plays.</summary>
    Head,

    /// <summary>It is needed before anything is shown.</summary>
    First,

    /// <summary>A reader is about to ask for it.</summary>
    Hint,

    /// <summary>A reader will come to it.</summary>
    ReadAhead,
}

/// <summary>Whole segments of one part, one after the other, that are fetched from one server, by one request when it is not cut.</summary>
internal sealed class Piece(ServerEntry server, int first, int count, PieceReason reason, bool isHedge, long bytes, TimeSpan started)
{
    public ServerEntry Server { get; } = server;

    /// <summary>The first segment, as <see cref="SegmentMap"/> numbers them.</summary>
    public int First { get; } = first;

    public int Count { get; private set; } = count;

    public PieceReason Reason { get; } = reason;

    /// <summary>Whether the same was asked for before, of another server or over another connection.</summary>
    public bool IsHedge { get; } = isHedge;

    /// <summary>Stored bytes of all its segments.</summary>
    public long Bytes { get; private set; } = bytes;

    public TimeSpan Started { get; } = started;

    /// <summary>Over how many connections at once it is fetched, each bringing a share: only a piece of one segment is cut so.</summary>
    public int Ways { get; init; } = 1;

    /// <summary>Where in the original it goes on for a reader; null when it is for no reader in particular.</summary>
    public long? Position { get; init; }

    /// <summary>When bytes last arrived; at first, when it was asked for.</summary>
    public TimeSpan LastProgress { get; set; } = started;

    /// <summary>When the answer began; null before.</summary>
    public TimeSpan? Answered { get; set; }

    /// <summary>How it was lost, where its server did not answer or broke off.</summary>
    public PlayFault Loss { get; set; } = PlayFault.BrokeOff;

    /// <summary>Stored bytes that have arrived.</summary>
    public long Received { get; set; }

    /// <summary>The next segment to arrive; <see cref="End"/> when all have.</summary>
    public int Next { get; set; } = first;

    public int End => First + Count;

    /// <summary>Lets it end with the segment that is coming in now.</summary>
    /// <param name="bytes">Stored bytes of all that follow.</param>
    public void Cut(long bytes)
    {
        Count = Next + 1 - First;
        Bytes -= bytes;
    }

    public bool Contains(int segment) => segment >= First && segment < End;
}
