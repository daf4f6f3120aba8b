using System.Collections.Immutable;

namespace Scdn.Media;

/// <summary>What a media file is, as FFmpeg sees it with <see cref="PlayerProbeOptions"/>.</summary>
public sealed record MediaInfo
{
    /// <summary>Bytes of the file.</summary>
    public required long Length { get; init; }

    /// <summary>The container in FFmpeg's words, such as <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</summary>
    public required string Container { get; init; }

    /// <summary>The container as its users name it; null when it has no name in <see cref="MediaFormat.All"/>.</summary>
    public required MediaFormat? Format { get; init; }

    /// <summary>How sure FFmpeg is of the container, 1 to 100: what has no signature of its own can only be guessed.</summary>
    public required int ProbeScore { get; init; }

    /// <summary>The media type (RFC 6838) to serve it under.</summary>
    public required string MediaType { get; init; }

    /// <summary>Playing time; zero when the file doesn't tell.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The file's own time of its first frame, which is 0 for its viewers.</summary>
    public required TimeSpan StartTime { get; init; }

    /// <summary>Bits per second over all streams; zero when unknown.</summary>
    public required long BitsPerSecond { get; init; }

    /// <summary>All streams, in the file's order.</summary>
    public required ImmutableArray<MediaStream> Streams { get; init; }

    /// <summary>The title that the file gives itself; null when it has none.</summary>
    public string? Title { get; init; }

    /// <summary>Whose work it is, as the file says; null when it doesn't.</summary>
    public string? Artist { get; init; }

    /// <summary>Whether it has moving pictures.</summary>
    public bool HasVideo => Streams.Any(stream => stream is { Kind: MediaKind.Video, IsCover: false });

    /// <summary>What the key-frame index and the player's clock go by: the first video stream that moves, else the first audio stream.</summary>
    public MediaStream MainStream => Playable.OrderBy(stream => stream.Kind).First();

    /// <summary>Moving pictures and sound: cover pictures, subtitles and data are left out.</summary>
    public IEnumerable<MediaStream> Playable => Streams.Where(stream => stream is { Kind: MediaKind.Video or MediaKind.Audio, IsCover: false });
}

/// <summary>One stream of a media file.</summary>
/// <param name="Index">Its number in the file, from 0.</param>
/// <param name="Kind">What it carries.</param>
/// <param name="Codec">The codec in FFmpeg's words, such as <c>h264</c>; <c>unknown</c> when FFmpeg has no name for it.</param>
public sealed record MediaStream(int Index, MediaKind Kind, string Codec)
{
    /// <summary>Pixels across; 0 for what isn't video.</summary>
    public int Width { get; init; }

    /// <summary>Pixels down; 0 for what isn't video.</summary>
    public int Height { get; init; }

    /// <summary>Pictures a second on average; 0 when unknown or not video.</summary>
    public double FramesPerSecond { get; init; }

    /// <summary>Pictures that a decoder holds back to put them in the order in which they are shown, 0 to 16; 0 for what isn't video.</summary>
    public int ReorderedFrames { get; init; }

    /// <summary>Samples a second; 0 for what isn't audio.</summary>
    public int SampleRate { get; init; }

    /// <summary>Audio channels; 0 for what isn't audio.</summary>
    public int Channels { get; init; }

    /// <summary>Bits per second; 0 when unknown.</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>Whether it is a single picture that goes with the file, such as an album's cover.</summary>
    public bool IsCover { get; init; }

    /// <summary>The language, mostly three letters (ISO 639-2); null when the file doesn't tell.</summary>
    public string? Language { get; init; }

    /// <summary>What the file calls it; null for nothing.</summary>
    public string? Title { get; init; }
}

/// <summary>What a stream carries.</summary>
public enum MediaKind
{
    /// <summary>Pictures.</summary>
    Video = 0,

    /// <summary>Sound.</summary>
    Audio = 1,

    /// <summary>Text or pictures to lay over.</summary>
    Subtitle = 2,

    /// <summary>Anything else.</summary>
    Data = 3,
}
