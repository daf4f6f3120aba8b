namespace Scdn.Media.Verifying;

/// <summary>What came of playing with a part of the bytes.</summary>
/// <param name="Time">Where playing began.</param>
/// <param name="Info">What the content was found to be; null when it could not even be opened.</param>
/// <param name="Frames">How many of its streams gave their first frame.</param>
/// <param name="Missing">The first byte of the original that was needed besides; null when none was, so always when it <see cref="Holds"/>.</param>
/// <param name="Bytes">Bytes that were at hand: of the head at the start, besides the head for a seek.</param>
public sealed record PlayProof(TimeSpan Time, MediaInfo? Info, int Frames, long? Missing, long Bytes)
{
    /// <summary>Streams that can be seen or heard.</summary>
    public int Streams => Info?.Playable.Count() ?? 0;

    /// <summary>Whether nothing else was needed.</summary>
    public bool Holds => Streams > 0 && Frames == Streams;
}
