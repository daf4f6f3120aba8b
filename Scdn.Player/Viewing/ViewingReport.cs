using Scdn.Client.Reserving;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Player.Playback;

namespace Scdn.Player.Viewing;

/// <summary>What was fetched while another player showed a content.</summary>
/// <param name="Content">The content.</param>
/// <param name="Title">Its title.</param>
/// <param name="Player">The player; <c>url</c> when only the address was given out.</param>
/// <param name="ExitCode">The player's exit code; null when there was none.</param>
/// <param name="Ok">Whether no read had to be broken off.</param>
/// <param name="Error">Why one was; null when none was.</param>
/// <param name="Failovers">Times that a server had to be left.</param>
/// <param name="Hedges">Times that a late piece was asked for again, of a second server or over another connection.</param>
/// <param name="BytesByServer">Bytes that came from each server.</param>
/// <param name="FetchedBytes">Bytes that were fetched.</param>
/// <param name="ContentBytes">Bytes of the content.</param>
/// <param name="FetchedRatio">The former by the latter.</param>
/// <param name="Play">The play's id, by which <c>scdn explain</c> finds it; null: the site knows nothing of it.</param>
/// <param name="WaitedMs">How long reads had to wait, those of 40 ms and more together. What the player had in its own buffer meanwhile cost nothing.</param>
/// <param name="Events">What happened, in milliseconds from asking to play.</param>
/// <param name="Limits">What may still be played; null: it is not limited.</param>
public sealed record ViewingReport(
    ContentId Content,
    string Title,
    string Player,
    int? ExitCode,
    bool Ok,
    string? Error,
    int Failovers,
    int Hedges,
    IReadOnlyDictionary<string, long> BytesByServer,
    long FetchedBytes,
    long ContentBytes,
    double FetchedRatio,
    Guid? Play,
    long WaitedMs,
    IReadOnlyList<PlayEvent> Events,
    LimitsLeft? Limits)
{
    /// <summary>What was promised before it began; null: nothing was.</summary>
    public ReserveReport? Reserve { get; init; }
}
