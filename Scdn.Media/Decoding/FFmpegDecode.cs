using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Scdn.Media.Tools;

namespace Scdn.Media.Decoding;

/// <summary>
/// Plays a source without showing it: FFmpeg decodes all moving pictures and sound, and tells of each frame when it is due. FFmpeg waits for the one who reads the frames: it is at most about one
/// second of ordinary play (sound and pictures) ahead of them, and reads its source accordingly.
/// </summary>
public sealed class FFmpegDecode : IAsyncDisposable
{
    private readonly ToolProcess _process;
    private readonly FileServer? _file;
    private readonly FrameLines _lines;
    private readonly ViewClock? _view;

    private FFmpegDecode(ToolProcess process, FileServer? file, TimeSpan startAt, ViewClock? view) =>
        (_process, _file, _lines, _view) = (process, file, new(startAt), view);

    /// <summary>Starts to decode what an HTTP server on loopback serves, from <paramref name="startAt"/> on. Throws <see cref="MediaException"/> when FFmpeg can't be started.</summary>
    public static FFmpegDecode Start(FFmpegTools tools, Uri source, TimeSpan startAt)
    {
        if (source is not { Scheme: "http", IsLoopback: true }) throw new ArgumentException("Only sources on loopback are decoded.", nameof(source));
        return Start(tools, source.AbsoluteUri, null, startAt);
    }

    /// <summary>
    /// Starts to decode a view (<see cref="Format.SeekView"/>), from <paramref name="startAt"/> on. FFmpeg seeks nothing: it decodes from the key frame on that is shown at
    /// <paramref name="viewTime"/>, whatever the timestamps are that stand there.
    /// </summary>
    public static FFmpegDecode StartView(FFmpegTools tools, Uri view, TimeSpan viewTime, TimeSpan startAt)
    {
        if (view is not { Scheme: "http", IsLoopback: true }) throw new ArgumentException("Only sources on loopback are decoded.", nameof(view));
        return Start(tools, view.AbsoluteUri, null, TimeSpan.Zero, ["-copyts"], new(viewTime, startAt));
    }

    /// <summary>Starts to decode a local file, from <paramref name="startAt"/> on.</summary>
    public static FFmpegDecode StartFile(FFmpegTools tools, string path, TimeSpan startAt)
    {
        var server = FileServer.Open(path);
        return Start(tools, server.Url, server, startAt);
    }

    /// <summary>The frames, in the order in which FFmpeg gives them out: by time within each stream. To be read once. Ends with FFmpeg; <see cref="WaitAsync"/> says how.</summary>
    public async IAsyncEnumerable<DecodedFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Small reads: what lies in a buffer here is play that FFmpeg believes to be over.
        var (buffer, line) = (new byte[256], new StringBuilder());
        while (await _process.Output.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            for (var index = 0; index < count; index++)
            {
                if (buffer[index] != '\n')
                {
                    if (line.Length < 1024) line.Append((char)buffer[index]);
                    continue;
                }

                if (_lines.TryRead(line.ToString(), out var frame))
                {
                    foreach (var placed in _view?.Place(frame, _lines.IsMain(frame.Stream)) ?? [frame]) yield return placed;
                }

                line.Clear();
            }
        }

        foreach (var placed in _view?.End() ?? []) yield return placed;
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
        if (_file is not null) await _file.DisposeAsync();
    }

    private static FFmpegDecode Start(FFmpegTools tools, string url, FileServer? file, TimeSpan startAt) =>
        Start(tools, url, file, startAt, startAt > TimeSpan.Zero ? ["-ss", startAt.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)] : [], null);

    private static FFmpegDecode Start(FFmpegTools tools, string url, FileServer? file, TimeSpan startAt, string[] options, ViewClock? view)
    {
        var tool = ToolProcess.Start(tools.FFmpegPath, Arguments(url, options), [url]);
        PipeSize.MakeSmall(tool.Output);
        return new(tool, file, startAt, view);
    }

    private static IEnumerable<string> Arguments(string url, string[] options) =>
    [
        "-nostdin", "-hide_banner", "-v", "error",
        .. PlayerProbeOptions.Arguments,
        .. options,
        "-i", url,
        // V: without cover pictures, whose one frame would keep the others waiting for a second one.
        "-map", "0:V?", "-map", "0:a?", "-c:v", "rawvideo", "-c:a", "pcm_s16le",
        // One stream may be silent for long; the others don't wait for it.
        "-max_interleave_delta", "500000",
        // A line of 80 bytes: the pipe's smallest size, 4 KiB, then holds 50 frames, which is what FFmpeg can be ahead.
        "-f", "framehash", "-hash", "murmur3", "-flush_packets", "1", "-",
    ];
}
