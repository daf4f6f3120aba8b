namespace Scdn.Media.Decoding;

/// <summary>A subtitle.</summary>
/// <param name="Time">When it is shown first, in the content's time.</param>
/// <param name="End">When it is shown no more.</param>
/// <param name="Text">What it says, of one line or more.</param>
public sealed record Cue(TimeSpan Time, TimeSpan End, string Text);
