namespace Scdn.Media.Decoding;

/// <summary>A picture, or a short run of sound, that FFmpeg has decoded. The pixels and samples themselves stay where they were.</summary>
/// <param name="Stream">The stream's number among the decoded ones, from 0.</param>
/// <param name="Kind">Video or audio.</param>
/// <param name="Time">When it is due, from the content's start.</param>
/// <param name="Duration">How long it lasts; zero when the file doesn't tell.</param>
/// <param name="Checksum">128 bits over its pixels or samples, in hex: the same content decodes to the same checksums.</param>
public readonly record struct DecodedFrame(int Stream, MediaKind Kind, TimeSpan Time, TimeSpan Duration, string Checksum);
