using System.Text.Json;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Downloads;

/// <summary>
/// The rules of a download: one device plays it, and its receipts make one chain. What does not fit the chain was played from a copy, which no device can hide for good: from then on the download is worth nothing wherever the site is heard.
/// </summary>
public static class DownloadGrain
{
    /// <summary>How long a device may go without asking anew: 30 days, or until what was bought ends.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(30);

    /// <summary>Issues it; the same again changes nothing.</summary>
    /// <param name="state">Null: it was not issued yet.</param>
    /// <param name="issued">What it is to be.</param>
    public static Change<DownloadState> Issue(DownloadState? state, DownloadState issued)
    {
        if (state is null) return issued;
        var isSame = (state.User, state.Content) == (issued.User, issued.Content) && JsonElement.DeepEquals(state.SigningKey, issued.SigningKey);
        if (!isSame) return Refusal.Conflict("There is another download with this id; ask with a fresh one.");
        return WhyOver(state) is { } over ? over : Change<DownloadState>.None;
    }

    /// <summary>
    /// Takes receipts in. One that does not fit is a change as well, which is found in <see cref="DownloadState.Fault"/>; the same receipts again change nothing.
    /// </summary>
    /// <param name="state">The download.</param>
    /// <param name="receipts">Verified receipts of its device, in their order.</param>
    /// <param name="last">The device's last one, among them or before.</param>
    public static Change<DownloadState> HandIn(DownloadState? state, IReadOnlyList<Receipt> receipts, Receipt last)
    {
        if (state is null) return Refusal.NotFound("There is no such download.");
        if (WhyOver(state) is { } over) return over;
        var (sequence, head) = (state.Sequence, state.Head);
        if (last.Sequence < sequence) return state with { Fault = DownloadFault.Restored };
        foreach (var receipt in receipts)
        {
            if (receipt.Sequence < sequence) continue;
            if (receipt.Sequence == sequence)
            {
                if (receipt.Hash != head) return state with { Fault = DownloadFault.Forked };
                continue;
            }

            if (receipt.Sequence != sequence + 1) return Refusal.Invalid($"Receipt {sequence + 1} is missing: hand in all since the last one that was taken.");
            if (receipt.Previous != head) return state with { Fault = DownloadFault.Forked };
            (sequence, head) = (receipt.Sequence, receipt.Hash);
        }

        if (last.Sequence != sequence) return Refusal.Invalid($"Receipt {sequence + 1} is missing: hand in all since the last one that was taken.");
        if (last.Hash != head) return state with { Fault = DownloadFault.Forked };
        if (sequence > state.Plays) return state with { Fault = DownloadFault.Overdrawn };
        return sequence == state.Sequence ? Change<DownloadState>.None : state with { Sequence = sequence, Head = head };
    }

    /// <summary>Notes that the plays up to a receipt are in the statistics.</summary>
    public static Change<DownloadState> Count(DownloadState? state, int sequence) => state switch
    {
        null => Refusal.NotFound("There is no such download."),
        _ when sequence <= state.Counted => Change<DownloadState>.None,
        _ => state with { Counted = sequence },
    };

    /// <summary>Takes note of seeks; fewer than before change nothing.</summary>
    public static Change<DownloadState> Seek(DownloadState? state, int sought) => state switch
    {
        null => Refusal.NotFound("There is no such download."),
        _ when sought <= state.Sought => Change<DownloadState>.None,
        _ => state with { Sought = sought },
    };

    /// <summary>It is over, and what was not played goes back.</summary>
    public static Change<DownloadState> GiveBack(DownloadState? state, DateTimeOffset now) => state switch
    {
        null => Refusal.NotFound("There is no such download."),
        { GivenBack: not null } => Change<DownloadState>.None,
        { Fault: not null } => WhyOver(state)!,
        _ => state with { GivenBack = now },
    };

    /// <summary>Plays that were not begun; null: they are not counted.</summary>
    public static int? Unplayed(DownloadState state) => state.Plays - state.Sequence;

    /// <summary>Seeks that were not used.</summary>
    public static int Unsought(DownloadState state) => Math.Max(0, (state.Seeks ?? 0) - state.Sought);

    /// <summary>Why it is worth nothing any more; null: it is, as long as it lasts.</summary>
    public static Refusal? WhyOver(DownloadState state) => state switch
    {
        { GivenBack: not null } => Refusal.Denied("This download was given back: download the content again."),
        { Fault: DownloadFault.Restored } => Refusal.Denied("An older copy of this download was put back after it had been played: it is worth nothing any more, download the content again."),
        { Fault: DownloadFault.Forked } => Refusal.Denied("This download was played from two copies: it is worth nothing any more, download the content again."),
        { Fault: DownloadFault.Overdrawn } => Refusal.Denied("This download was played more often than it may be: it is worth nothing any more."),
        _ => null,
    };
}

/// <summary>One receipt, verified.</summary>
/// <param name="Sequence">Its number, from 1.</param>
/// <param name="Previous">The hash that it names; empty where it does not matter.</param>
/// <param name="Hash">Its own hash.</param>
public sealed record Receipt(int Sequence, string Previous, string Hash);
