namespace Scdn.Media.Scoring;

/// <summary>One way to get at pictures and sound with FFmpeg, without the key.</summary>
/// <param name="Name">What is tried, in a few words.</param>
/// <param name="Packed">Whether holes are left out; else they are zeros.</param>
/// <param name="Demuxing">What FFmpeg is told about the bytes; empty when it has to find out itself.</param>
internal sealed record Attack(string Name, bool Packed, params IReadOnlyList<string> Demuxing)
{
    // They find by themselves where a frame starts, be it in the middle of another container.
    private static readonly string[] Bare = ["aac", "ac3", "dts", "eac3", "flac", "h264", "hevc", "m4v", "mp3", "mpegvideo", "obu"];

    // Samples without any frame: to be told what they are is all that FFmpeg needs.
    private static readonly string[] Samples =
        ["u8", "s8", "s16le", "s16be", "s24le", "s24be", "s32le", "s32be", "f32le", "f32be", "f64le", "f64be", "alaw", "mulaw"];

    /// <summary>Whether it may give pictures; what is told to be sound never does.</summary>
    public bool Sees { get; private init; } = true;

    /// <summary>Whether it may give sound.</summary>
    public bool Hears { get; private init; } = true;

    /// <summary>
    /// What is worth trying on a content. The attacker is taken to know what it is, though the header hides it: there are few possibilities, and all of them could be tried.
    /// </summary>
    public static IEnumerable<Attack> On(MediaInfo info)
    {
        var container = info.Container.Split(',')[0];
        yield return new("holes as zeros, any format", false);
        yield return new($"holes as zeros, as {container}", false, As(container));
        yield return new($"without holes, as {container}", true, As(container));
        foreach (var codec in info.Playable.Select(stream => stream.Codec).Distinct())
        {
            var kind = info.Playable.First(stream => stream.Codec == codec).Kind;
            if (BareDemuxerOf(codec) is { } bare && bare != container)
                yield return new($"without holes, as {bare}", true, As(bare)) { Sees = kind == MediaKind.Video, Hears = kind == MediaKind.Audio };
        }

        foreach (var sound in info.Playable.Where(stream => stream.Codec.StartsWith("pcm_", StringComparison.Ordinal)))
        {
            if (Samples.FirstOrDefault(format => format == sound.Codec[4..]) is { } samples)
                yield return new("holes as zeros, as bare samples", false, "-f", samples, "-ar", sound.SampleRate.ToString(), "-ac", sound.Channels.ToString()) { Sees = false };
        }
    }

    /// <summary>What comes before <c>-i URL</c>: FFmpeg looks as far as it has to and makes the best of what is damaged.</summary>
    public IEnumerable<string> Input =>
    [
        .. PlayerProbeOptions.Confined(Samples),
        "-formatprobesize", "100000000", "-probesize", "100000000", "-analyzeduration", "300000000",
        "-err_detect", "ignore_err", "-flags", "+output_corrupt", "-flags2", "+showall",
        .. Demuxing,
    ];

    // The bare ones seek back and forth in what is damaged, each time with a request, if they believe that they may; they never have to.
    private static string[] As(string demuxer) => Bare.Contains(demuxer) ? ["-seekable", "0", "-f", demuxer] : ["-f", demuxer];

    private static string? BareDemuxerOf(string codec) => codec switch
    {
        "mp1" or "mp2" => "mp3",
        "mpeg4" => "m4v",
        "mpeg1video" or "mpeg2video" => "mpegvideo",
        "av1" => "obu",
        _ => Bare.Contains(codec) ? codec : null,
    };
}
