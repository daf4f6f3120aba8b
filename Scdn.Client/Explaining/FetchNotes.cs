using Scdn.Client.Scheduling;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Explaining;

/// <summary>Notes what a network manager does in the play's log, as far as it went wrong or was waited for: who was asked, who failed, and who brought it in the end. Used under the manager's gate.</summary>
/// <param name="log">The log.</param>
/// <param name="times">Its play times.</param>
/// <param name="startedAt">When the manager's clock began, by the log's.</param>
internal sealed class FetchNotes(PlayLog log, PlayTimeMap times, TimeSpan startedAt)
{
    /// <summary>Who is late and sent something since is slow.</summary>
    private static readonly TimeSpan ShortestSilence = TimeSpan.FromMilliseconds(100);

    // What servers did not bring, and who is still waited for in their stead. Nearly always empty.
    private readonly Dictionary<int, PlayEntry> _missing = [];

    /// <summary>A reader begins to wait for a segment.</summary>
    public void Waits(ContentReader reader, int segment, IEnumerable<Piece> pieces)
    {
        reader.Wait = log.Waits(times.TimeAt(reader.Position));
        reader.BroughtBy = null;
        if (_missing.TryGetValue(segment, out var missing)) log.Blame(reader.Wait, missing);
        else if (pieces.FirstOrDefault(piece => Brings(piece, segment)) is { } asked) log.Asked(reader.Wait, NameOf(asked));
    }

    /// <summary>It has waited, or given up.</summary>
    public void Waited(ContentReader reader)
    {
        if (reader.Wait is { } wait) log.Waited(wait, reader.BroughtBy);
        reader.Wait = null;
    }

    /// <summary>A server is asked for a piece.</summary>
    public void Asked(Piece piece, IEnumerable<Piece> pieces, IEnumerable<ContentReader> readers)
    {
        foreach (var reader in readers)
        {
            if (reader.Wanted is { } wanted && piece.Contains(wanted) && reader.Wait is { } wait) log.Asked(wait, NameOf(piece));
        }

        if (!piece.IsHedge || pieces.FirstOrDefault(other => other != piece && other.Server != piece.Server && Brings(other, piece.First)) is not { } late) return;
        var heard = startedAt + Max(late.Started, late.Server.LastByte);
        var entry = log.Elapsed - heard > ShortestSilence
            ? log.Late(NameOf(late), NameOf(piece), PlayFault.Silent, heard)
            : log.Late(NameOf(late), NameOf(piece), PlayFault.Slow, startedAt + Max(late.Started, late.Server.Pace.GoodUntil));
        _missing.TryAdd(piece.First, entry);
        foreach (var reader in readers)
        {
            if (reader.Wanted == piece.First && reader.Wait is { } wait) log.Blame(wait, entry);
        }
    }

    /// <summary>A piece ended by its server's fault.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="left">Whether the server was in use until now.</param>
    /// <param name="readers">All readers.</param>
    public void Failed(Piece piece, ServerFault fault, bool left, IEnumerable<ContentReader> readers)
    {
        var entry = log.LeftBefore(NameOf(piece));
        if (left) entry = log.Left(NameOf(piece), FaultOf(piece, fault), MomentOf(piece, fault));
        else if (entry is not null) log.FailedAgain(entry);
        if (entry is null) return;
        for (var segment = piece.Next; segment < piece.End; segment++) _missing[segment] = entry;
        foreach (var reader in readers)
        {
            if (reader.Wanted is { } wanted && wanted >= piece.Next && wanted < piece.End && reader.Wait is { } wait) log.Blame(wait, entry);
        }
    }

    /// <summary>A segment is here, checked.</summary>
    public void Arrived(int segment, Piece by, IEnumerable<ContentReader> readers)
    {
        foreach (var reader in readers)
        {
            // The first one counts, where two are asked for it.
            if (reader.Wanted == segment) reader.BroughtBy ??= NameOf(by);
        }

        if (_missing.Count > 0 && _missing.Remove(segment, out var entry)) log.Replaced(entry, NameOf(by));
    }

    /// <summary>A piece came whole.</summary>
    public void Delivered(Piece piece)
    {
        if (piece.Server.IsInUse) log.Back(NameOf(piece));
    }

    private static string NameOf(Piece piece) => piece.Server.Server.Name;

    private static bool Brings(Piece piece, int segment) => segment >= piece.Next && segment < piece.End;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    // Who says nothing did so from its last byte on, or from when it was asked.
    private TimeSpan MomentOf(Piece piece, ServerFault fault) => fault is ServerFault.Silent ? startedAt + Max(piece.Started, piece.Server.LastByte) : log.Elapsed;

    private static PlayFault FaultOf(Piece piece, ServerFault fault) => fault switch
    {
        ServerFault.Lost => piece.Loss,
        ServerFault.Silent => PlayFault.Silent,
        ServerFault.Busy => PlayFault.Busy,
        ServerFault.Missing => PlayFault.Missing,
        ServerFault.Refused => PlayFault.Refused,
        _ => PlayFault.Corrupt,
    };
}
