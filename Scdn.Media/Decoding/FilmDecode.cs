using System.Globalization;
using System.Runtime.CompilerServices;
using Scdn.Media.Decoding.Nut;
using Scdn.Media.Tools;

namespace Scdn.Media.Decoding;

/// <summary>
/// Decodes a source to be seen and heard: FFmpeg gives pictures of a size, sound and subtitles with their times, and waits for the one who reads the pictures and the sound.
/// </summary>
public sealed class FilmDecode : IAsyncDisposable
{
    private readonly ToolProcess _process;
    private readonly FilmRequest _request;
    private readonly CueChannel? _cues;
    private readonly TimeSpan? _keyTime;

    private FilmDecode(ToolProcess process, FilmRequest request, CueChannel? cues, TimeSpan? keyTime) => (_process, _request, _cues, _keyTime) = (process, request, cues, keyTime);

    /// <summary>Starts to decode what an HTTP server on loopback serves.</summary>
    /// <exception cref="MediaException">FFmpeg can't be started.</exception>
    public static FilmDecode Start(FFmpegTools tools, Uri source, FilmRequest request) =>
        Start(tools, source, request, request.At > TimeSpan.Zero ? ["-ss", Number(request.At.TotalSeconds)] : [], null);

    /// <summary>
    /// Starts to decode a view (<see cref="Format.SeekView"/>). FFmpeg seeks nothing: it decodes from the key frame on that is shown at <paramref name="keyTime"/>, and what comes before the place that is
    /// wanted is left out.
    /// </summary>
    /// <exception cref="MediaException">FFmpeg can't be started.</exception>
    public static FilmDecode StartView(FFmpegTools tools, Uri view, TimeSpan keyTime, FilmRequest request) => Start(tools, view, request, [], keyTime);

    /// <summary>Pictures and sound, in the order in which FFmpeg gives them out: by time within each stream. To be read once. Ends with FFmpeg; <see cref="WaitAsync"/> says how.</summary>
    public async IAsyncEnumerable<FilmFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan? origin = _keyTime is null ? TimeSpan.Zero : null;
        var begin = _keyTime ?? _request.At;
        await foreach (var frame in new NutReader(_process.Output).ReadAsync(cancellationToken))
        {
            // Of a view the time of the first main frame is known, which is the picture's where there is one.
            if (frame.Stream.Index == 0) origin ??= frame.Time;
            var time = origin is { } counted ? begin + ((frame.Time - counted) * _request.Speed) : TimeSpan.MinValue;
            if (_keyTime is not null && time < _request.At) frame.Owner.Dispose();
            else if (frame.Stream.Kind is MediaKind.Video && frame.Length >= frame.Stream.Width * frame.Stream.Height * 3)
                yield return new PictureFrame(time, frame.Stream.Width, frame.Stream.Height, frame.Owner);
            else if (frame.Stream.Kind is MediaKind.Audio)
                yield return new SoundFrame(time, frame.Owner, frame.Length - (frame.Length % SoundFrame.BytesEach));
            else frame.Owner.Dispose();
        }
    }

    /// <summary>The subtitles, as they are read from the source, some time before they are due; none where none were asked for. To be read once, beside the frames.</summary>
    public async IAsyncEnumerable<Cue> ReadCuesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_cues is null) yield break;
        await foreach (var cue in _cues.ReadAsync(cancellationToken)) yield return cue with { Time = cue.Time + _request.At, End = cue.End + _request.At };
    }

    /// <summary>Waits for FFmpeg's end. To be called when all frames were read; before, FFmpeg may be waiting for its reader.</summary>
    public async Task<DecodeEnd> WaitAsync(CancellationToken cancellationToken)
    {
        var exitCode = await _process.WaitAsync(cancellationToken);
        return new(exitCode, _process.Errors.SourceFailed, [.. _process.Errors.Lines]);
    }

    /// <summary>Ends FFmpeg if it is still at work.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _cues?.Dispose();
    }

    private static FilmDecode Start(FFmpegTools tools, Uri source, FilmRequest request, string[] place, TimeSpan? keyTime)
    {
        if (source is not { Scheme: "http", IsLoopback: true }) throw new ArgumentException("Only sources on loopback are decoded.", nameof(source));
        var cues = request.Text is { IsPicture: false } ? CueChannel.Open() : null;
        try
        {
            return new(ToolProcess.Start(tools.FFmpegPath, Arguments(source.AbsoluteUri, request, place, cues?.Address), [source.AbsoluteUri]), request, cues, keyTime);
        }
        catch
        {
            cues?.Dispose();
            throw;
        }
    }

    private static IEnumerable<string> Arguments(string url, FilmRequest request, string[] place, string? cues) =>
    [
        "-nostdin", "-hide_banner", "-v", "error",
        .. PlayerProbeOptions.Arguments,
        .. place,
        "-i", url,
        .. Picture(request),
        .. request.SoundTrack is { } sound ? ["-map", $"0:a:{sound}?", "-c:a", "pcm_s16le", "-ar", $"{SoundFrame.Rate}", "-ac", "2", "-af", SoundFilter(request)] : Array.Empty<string>(),
        // One stream may be silent for long; the others don't wait for it.
        "-max_interleave_delta", "200000",
        "-f", "nut", "-write_index", "0", "-flush_packets", "1", "-",
        .. cues is not null ? ["-map", $"0:s:{request.Text!.Number}", "-c:s", "text", "-f", "srt", "-flush_packets", "1", cues] : Array.Empty<string>(),
    ];

    // V: without cover pictures, whose one frame would keep the others waiting for a second one.
    private static string[] Picture(FilmRequest request) => request.Text is { IsPicture: true } text
        ? ["-filter_complex", $"[0:V:0][0:s:{text.Number}]overlay,{PictureFilter(request)}[picture]", "-map", "[picture]", "-c:v", "rawvideo"]
        : ["-map", "0:V:0?", "-c:v", "rawvideo", "-vf", PictureFilter(request)];

    private static string PictureFilter(FilmRequest request)
    {
        var (width, height) = (request.Width, request.Height);
        var scale = $"scale=w='max(1,round(min({width},{height}*dar)))':h='max(1,round(min({height},{width}/dar)))':flags=area,setsar=1,format=rgb24";
        return IsOrdinary(request.Speed) ? scale : $"{scale},setpts=PTS/{Number(request.Speed)}";
    }

    // One of atempo is good for half to double, several for more; gaps are filled, so that sound and picture stay together.
    private static string SoundFilter(FilmRequest request)
    {
        const string WithoutGaps = "aresample=async=1:first_pts=0";
        if (IsOrdinary(request.Speed)) return WithoutGaps;
        return request.Speed > 2 ? $"{WithoutGaps},atempo=2,atempo={Number(request.Speed / 2)}" : $"{WithoutGaps},atempo={Number(request.Speed)}";
    }

    private static bool IsOrdinary(double speed) => Math.Abs(speed - 1) < 0.001;

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
