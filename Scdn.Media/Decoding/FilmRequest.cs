namespace Scdn.Media.Decoding;

/// <summary>What a viewer wants to see and hear, and from where on.</summary>
/// <param name="At">Where in the content it begins.</param>
/// <param name="Width">Pixels across at most; the picture keeps its shape, with square pixels.</param>
/// <param name="Height">Pixels down at most.</param>
public sealed record FilmRequest(TimeSpan At, int Width, int Height)
{
    /// <summary>The sound track, from 0; null for none.</summary>
    public int? SoundTrack { get; init; } = 0;

    /// <summary>The subtitles; null for none.</summary>
    public TextTrack? Text { get; init; }

    /// <summary>Times real time, 0.5 to 4, at the same pitch.</summary>
    public double Speed { get; init; } = 1;
}

/// <summary>Subtitles of a content.</summary>
/// <param name="Number">Which, from 0.</param>
/// <param name="IsPicture">Whether they are pictures, which are laid over the film, not text.</param>
public sealed record TextTrack(int Number, bool IsPicture);
