namespace Scdn.Media;

/// <summary>
/// How FFmpeg is told to look at a source. Tracing, probing and playing must all say the same, or the head that was traced is not the head that is read: so it is said here only.
/// </summary>
public static class PlayerProbeOptions
{
    /// <summary>
    /// How much of play FFmpeg may analyse for streams that the container doesn't describe (MPEG-PS, MPEG-TS). FFmpeg's own default of five seconds reads megabytes before the first frame.
    /// </summary>
    public static TimeSpan AnalyzeDuration { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Bytes that FFmpeg may read for the same purpose; its own default is 5,000,000.</summary>
    public static int ProbeSizeBytes => 1_000_000;

    /// <summary>
    /// Gaps up to this many bytes are read through, over larger ones FFmpeg seeks. By default it takes the size of TCP's receive buffer, 128 KiB, and so reads all of a fragmented MP4 to get at the
    /// small indexes between its fragments.
    /// </summary>
    public static int ShortSeekBytes => 32 * 1024;

    /// <summary>
    /// The only demuxers that may look at media: containers and elementary streams that hold all of what they play. What names further files or hosts (HLS, DASH, concat, SDP, image
    /// sequences) or isn't a file at all (lavfi, devices) is left out, so a playlist that calls itself a video is not understood and nothing is fetched.
    /// </summary>
    public static IReadOnlyList<string> Demuxers { get; } =
    [
        "mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpeg", "mpegts", "asf", "flv", "ogg", "mp3", "flac", "wav", "w64",
        "aac", "ac3", "eac3", "aiff", "amr", "ape", "au", "caf", "dts", "dv", "h264", "hevc", "ivf", "m4v", "mpc", "mpc8", "mpegvideo", "mxf", "obu", "tta", "wv",
    ];

    private static string[] Analysis => ["-analyzeduration", ((long)AnalyzeDuration.TotalMicroseconds).ToString(), "-probesize", ProbeSizeBytes.ToString()];

    /// <summary>The arguments that come before <c>-i URL</c>, for ffmpeg and ffprobe alike.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
    [
        .. Confined(),
        .. Analysis,
        "-short_seek_size", ShortSeekBytes.ToString(),
    ];

    /// <summary>
    /// The same for reading a local file once from its start to its end, much faster. No host can be reached so, and nothing but numbers comes out; that no demuxer opens a second file is what
    /// <see cref="Demuxers"/> are chosen for.
    /// </summary>
    internal static IReadOnlyList<string> FileArguments { get; } =
        [.. Confine("file", []), .. Analysis];

    /// <summary>
    /// The arguments that keep FFmpeg to its one source, whatever the source says: <c>http</c> and <c>tcp</c> are what loopback needs; no file and no other protocol can be opened.
    /// <paramref name="further"/> demuxers have to be as harmless as <see cref="Demuxers"/>.
    /// </summary>
    internal static IReadOnlyList<string> Confined(params IEnumerable<string> further) => Confine("http,tcp", further);

    private static string[] Confine(string protocols, IEnumerable<string> further) => ["-protocol_whitelist", protocols, "-format_whitelist", string.Join(',', [.. Demuxers, .. further])];
}
