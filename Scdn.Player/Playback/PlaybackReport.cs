using Scdn.Client;
using Scdn.Client.Reserving;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Player.Playback;

/// <summary>What was measured while a content was played.</summary>
/// <param name="Content">The content.</param>
/// <param name="Title">Its title.</param>
/// <param name="FirstFrameMs">Milliseconds from asking to play to the first frame; null when there was none.</param>
/// <param name="FirstFrameAt">When that was, by this machine's clock.</param>
/// <param name="FirstFrameBytes">Bytes that had been fetched by then.</param>
/// <param name="BeganMs">Milliseconds from asking until the picture began to move, for which a quarter of a second of play has to be there.</param>
/// <param name="GrantMs">Of these, milliseconds until the site had answered.</param>
/// <param name="Stalls">Times that the next frame was not there within 40 ms of being due, from then on.</param>
/// <param name="StallMs">Milliseconds that these took together.</param>
/// <param name="StalledAt">Where in the content that was, in seconds; of the first twenty.</param>
/// <param name="Frames">Frames of all streams that were decoded.</param>
/// <param name="PlayedSeconds">How far was played, from where it began.</param>
/// <param name="PlayedToEnd">Whether the content's end was reached.</param>
/// <param name="Ok">Whether all that was to be played was.</param>
/// <param name="Error">Why it was not; null when it was.</param>
/// <param name="DecodeErrors">The last complaints of the decoder, which damaged media has, too.</param>
/// <param name="Failovers">Times that a server had to be left.</param>
/// <param name="Hedges">Times that a late piece was asked for again, of a second server or over another connection.</param>
/// <param name="BytesByServer">Bytes that came from each server.</param>
/// <param name="FetchedBytes">Bytes that were fetched.</param>
/// <param name="ContentBytes">Bytes of the content.</param>
/// <param name="FetchedRatio">The former by the latter.</param>
/// <param name="Play">The play's id, by which <c>scdn explain</c> finds it; null: the site knows nothing of it.</param>
/// <param name="Why">What it stood still for, and what else went wrong, in a sentence or a few.</param>
/// <param name="Events">What happened, in milliseconds from asking to play.</param>
/// <param name="Limits">What may still be played; null: it is not limited.</param>
public sealed record PlaybackReport(
    ContentId Content,
    string Title,
    long? FirstFrameMs,
    DateTimeOffset? FirstFrameAt,
    long? FirstFrameBytes,
    long? BeganMs,
    long GrantMs,
    int Stalls,
    long StallMs,
    IReadOnlyList<double> StalledAt,
    long Frames,
    double PlayedSeconds,
    bool PlayedToEnd,
    bool Ok,
    string? Error,
    IReadOnlyList<string> DecodeErrors,
    int Failovers,
    int Hedges,
    IReadOnlyDictionary<string, long> BytesByServer,
    long FetchedBytes,
    long ContentBytes,
    double FetchedRatio,
    Guid? Play,
    string Why,
    IReadOnlyList<PlayEvent> Events,
    LimitsLeft? Limits)
{
    /// <summary>Of so many stalls is said where they were.</summary>
    internal const int MostPlaces = 20;

    /// <summary>Pictures that came too late to be shown; null where none are shown.</summary>
    public int? LatePictures { get; init; }

    /// <summary>Where a viewer left it, in seconds, and will go on; null where it was not left, or there is no viewer.</summary>
    public double? LeftAtSeconds { get; init; }

    /// <summary>What was promised before it began; null: nothing was.</summary>
    public ReserveReport? Reserve { get; init; }

    internal static double RatioOf(NetworkStatistics statistics, long contentBytes) =>
        contentBytes == 0 ? 0 : Math.Round((double)statistics.FetchedBytes / contentBytes, 4);
}

/// <summary>How far playing is, for whoever watches.</summary>
/// <param name="Position">In the content's time.</param>
/// <param name="Statistics">What was fetched until now.</param>
public readonly record struct PlaybackProgress(TimeSpan Position, NetworkStatistics Statistics);
