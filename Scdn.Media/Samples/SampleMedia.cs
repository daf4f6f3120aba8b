using System.Globalization;
using Scdn.Media.Tools;

namespace Scdn.Media.Samples;

/// <summary>Makes media files to try things out with: a moving test picture with a clock, and a tone that beeps every second.</summary>
/// <param name="tools">Where FFmpeg is.</param>
public sealed class SampleMedia(FFmpegTools tools)
{
    private const int AudioBitsPerSecond = 96_000;
    private const int FramesPerSecond = 25;

    /// <summary>Writes a sample to <paramref name="path"/>, replacing what is there. It appears under its name only when it is whole. Throws <see cref="MediaException"/> when FFmpeg can't make it.</summary>
    public async Task CreateAsync(string path, SampleSpec spec, CancellationToken cancellationToken)
    {
        var unfinished = Path.GetFullPath(path) + ".unfinished";
        try
        {
            // "file:" so that no name is taken for an option or a protocol.
            var (exitCode, errors) = await ToolProcess.RunAsync(tools.FFmpegPath, [.. Arguments(spec), "file:" + unfinished], [], null, cancellationToken);
            if (exitCode != 0) throw new MediaException($"FFmpeg could not make the sample '{path}': {errors.Last ?? $"it ended with code {exitCode}"}.");
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            if (File.Exists(unfinished)) File.Delete(unfinished);
        }
    }

    private static IEnumerable<string> Arguments(SampleSpec spec)
    {
        var seconds = spec.Duration.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        var hasVideo = spec.Kind < SampleKind.Mp3;
        return
        [
            "-nostdin", "-hide_banner", "-v", "error", "-y",
            .. hasVideo ? (string[])["-f", "lavfi", "-i", $"testsrc2=size={spec.Width}x{spec.Height}:rate={FramesPerSecond}:duration={seconds}"] : [],
            "-f", "lavfi", "-i", $"sine=frequency=440:beep_factor=4:sample_rate=48000:duration={seconds}",
            .. hasVideo ? Video(spec) : [],
            .. Audio(spec.Kind),
            .. Container(spec.Kind),
        ];
    }

    private static IEnumerable<string> Video(SampleSpec spec)
    {
        var rate = Math.Max(50_000, spec.BitsPerSecond - AudioBitsPerSecond);
        return
        [
            // A key frame every two seconds, as most of what is on the net has it.
            "-pix_fmt", "yuv420p", "-g", (2 * FramesPerSecond).ToString(), "-b:v", rate.ToString(), "-maxrate", (rate + (rate / 8)).ToString(), "-bufsize", rate.ToString(),
            .. spec.Kind switch
            {
                SampleKind.WebM => (string[])["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "16"],
                SampleKind.Avi => ["-c:v", "mpeg4"],
                SampleKind.MpegPs => ["-c:v", "mpeg2video"],
                SampleKind.Mpeg1Ps => ["-c:v", "mpeg1video"],
                SampleKind.Asf => ["-c:v", "wmv2"],
                SampleKind.Ogg => ["-c:v", "libtheora"],
                _ => ["-c:v", "libx264", "-preset", "ultrafast"],
            },
        ];
    }

    private static IEnumerable<string> Audio(SampleKind kind) =>
    [
        "-b:a", AudioBitsPerSecond.ToString(),
        .. kind switch
        {
            SampleKind.WebM or SampleKind.Ogg => (string[])["-c:a", "libvorbis"],
            SampleKind.Avi or SampleKind.Mp3 => ["-c:a", "libmp3lame"],
            SampleKind.MpegPs or SampleKind.Mpeg1Ps => ["-c:a", "mp2"],
            SampleKind.Asf => ["-c:a", "wmav2"],
            // FLV knows 44.1 kHz and its halves only.
            SampleKind.Flv => ["-c:a", "aac", "-ar", "44100"],
            SampleKind.Flac => ["-c:a", "flac"],
            SampleKind.Wav => ["-c:a", "pcm_s16le"],
            _ => ["-c:a", "aac"],
        },
    ];

    private static IEnumerable<string> Container(SampleKind kind) => kind switch
    {
        SampleKind.Mp4FastStart => ["-movflags", "+faststart", "-f", "mp4"],
        SampleKind.Mp4Fragmented => ["-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-f", "mp4"],
        SampleKind.Mp4Indexed => ["-movflags", "+frag_keyframe+empty_moov+default_base_moof+global_sidx", "-f", "mp4"],
        SampleKind.Mov => ["-f", "mov"],
        SampleKind.Mkv => ["-f", "matroska"],
        SampleKind.WebM => ["-f", "webm"],
        SampleKind.Avi => ["-f", "avi"],
        // The muxer's own rate for its packs; without it a program stream of this rate under-runs its buffers.
        SampleKind.MpegPs => ["-muxrate", "10000000", "-f", "vob"],
        SampleKind.Mpeg1Ps => ["-muxrate", "10000000", "-f", "mpeg"],
        SampleKind.MpegTs => ["-f", "mpegts"],
        SampleKind.Asf => ["-f", "asf"],
        SampleKind.Flv => ["-f", "flv"],
        SampleKind.Ogg => ["-f", "ogg"],
        SampleKind.Mp3 => ["-f", "mp3"],
        SampleKind.Flac => ["-f", "flac"],
        SampleKind.Wav => ["-f", "wav"],
        SampleKind.M4a => ["-f", "ipod"],
        _ => ["-f", "mp4"],
    };
}
