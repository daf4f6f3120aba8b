using Scdn.Client;
using Scdn.Client.Explaining;
using Scdn.Format.Wire;

namespace Scdn.Player.Playback;

/// <summary>What was measured while a content was played.</summary>
public sealed record PlaybackReport : FetchReport
{
    /// <summary>Of so many stalls is said where they were.</summary>
    internal const int MostPlaces = 20;

    internal PlaybackReport(NetworkManager network, PlayReport told)
        : base(network, told) => Why = PlayStory.Summary(told);

    /// <summary>Milliseconds from asking to play to the first frame; null when there was none.</summary>
    public long? FirstFrameMs { get; internal init; }

    /// <summary>When that was, by this machine's clock.</summary>
    public DateTimeOffset? FirstFrameAt { get; internal init; }

    /// <summary>Bytes that had been fetched by then.</summary>
    public long? FirstFrameBytes { get; internal init; }

    /// <summary>Milliseconds from asking until the picture began to move, for which a quarter of a second of play has to be there.</summary>
    public long? BeganMs { get; internal init; }

    /// <summary>Of these, milliseconds until the site had answered.</summary>
    public long GrantMs { get; internal init; }

    /// <summary>Times that the next frame was not there within 40 ms of being due, from then on.</summary>
    public int Stalls { get; internal init; }

    /// <summary>Milliseconds that these took together.</summary>
    public long StallMs { get; internal init; }

    /// <summary>Where in the content that was, in seconds; of the first twenty.</summary>
    public IReadOnlyList<double> StalledAt { get; internal init; } = [];

    /// <summary>What it stood still for, and what else went wrong, in a sentence or a few.</summary>
    public string Why { get; }

    /// <summary>Frames of all streams that were decoded.</summary>
    public long Frames { get; internal init; }

    /// <summary>Pictures that came too late to be shown; null where none are shown.</summary>
    public int? LatePictures { get; internal init; }

    /// <summary>How far was played, from where it began.</summary>
    public double PlayedSeconds { get; internal init; }

    /// <summary>Whether the content's end was reached.</summary>
    public bool PlayedToEnd { get; internal init; }

    /// <summary>Where a viewer left it, in seconds, and will go on; null where it was not left, or there is no viewer.</summary>
    public double? LeftAtSeconds { get; internal init; }

    /// <summary>The last complaints of the decoder, which damaged media has, too.</summary>
    public IReadOnlyList<string> DecodeErrors { get; internal init; } = [];

    internal override bool IsWatched => PlayedToEnd;
}
