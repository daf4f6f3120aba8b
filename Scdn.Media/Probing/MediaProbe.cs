using System.Text;
using Scdn.Media.Tools;

namespace Scdn.Media.Probing;

/// <summary>Finds out what a file is, without trusting its name or its content.</summary>
/// <param name="tools">Where FFmpeg is.</param>
public sealed class MediaProbe(FFmpegTools tools)
{
    private const int MaxReportLength = 1 << 20;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private static readonly string[] Report =
    [
        "-show_entries",
        "format=format_name,duration,start_time,bit_rate,probe_score:format_tags=major_brand,title,artist"
        + ":stream=index,codec_type,codec_name,width,height,has_b_frames,avg_frame_rate,sample_rate,channels,bit_rate:stream_disposition=attached_pic:stream_tags=language,title",
        "-of", "json=compact=1",
    ];

    /// <summary>Looks at the file. Nothing but the file itself is ever opened, whatever it says. Throws <see cref="MediaException"/> when FFmpeg itself fails.</summary>
    public async Task<ProbeOutcome> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(path);
        if (FindMissing(path) is { } missing) return ProbeOutcome.Failed(missing.Kind, missing.Message);
        FileServer server;
        try
        {
            server = FileServer.Open(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ProbeOutcome.Failed(MediaFaultKind.Unreadable, $"'{path}' cannot be read: {error.Message}");
        }

        await using (server)
        {
            if (server.Length == 0) return ProbeOutcome.Failed(MediaFaultKind.Empty, $"'{name}': the file format is incorrect: the file is empty.");
            var (report, errors) = await AskAsync(server.Url, "error", cancellationToken);
            var start = ReadStart(path);
            if (report is not null && ProbeReport.Read(report, server.Length, start) is { } info) return ProbeOutcome.Found(info);
            // Since FFmpeg 7 a playlist is not known as one unless its address or media type says so, too.
            var isHls = start.AsSpan().StartsWith("#EXTM3U"u8);
            if (!isHls && !errors.Lines.Any(IsOutsideOfWhitelist)) return NotMedia(name);

            var format = isHls ? Describe("hls") : await NameFormatAsync(server.Url, cancellationToken);
            return ProbeOutcome.Failed(
                MediaFaultKind.Refused,
                $"'{name}' is refused: it is not a media file but {format}, and nothing that it names was fetched. Give the media file itself, or split it with --format binary.");
        }
    }

    /// <summary>What an HTTP server on loopback serves; null when nothing there can be seen or heard. Throws <see cref="MediaException"/> when FFmpeg itself fails.</summary>
    /// <param name="source">Its address, a secret.</param>
    /// <param name="length">Bytes of it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<MediaInfo?> ReadAsync(Uri source, long length, CancellationToken cancellationToken) => ReadAsync(source.AbsoluteUri, length, [], cancellationToken);

    /// <summary>What is behind an address on loopback that is read as <paramref name="reading"/> says; null when nothing there can be seen or heard.</summary>
    internal async Task<MediaInfo?> ReadAsync(string url, long length, IReadOnlyList<string> reading, CancellationToken cancellationToken)
    {
        var (report, _) = await AskAsync(url, "error", cancellationToken, reading: reading);
        return report is null ? null : ProbeReport.Read(report, length, []);
    }

    /// <summary>Null when there is a file of that name.</summary>
    internal static MediaFault? FindMissing(string path) =>
        Directory.Exists(path) ? new(MediaFaultKind.Unreadable, $"'{path}' is a folder: name a media file.")
        : !File.Exists(path) ? new(MediaFaultKind.Missing, $"'{path}' does not exist: check its name.")
        : null;

    internal static ProbeOutcome NotMedia(string name) => ProbeOutcome.Failed(
        MediaFaultKind.NotMedia, $"'{name}': the file format is incorrect: no video or sound was found in it. To split it all the same, use --format binary.");

    private static bool IsOutsideOfWhitelist(string line) => line.Contains("not on whitelist", StringComparison.OrdinalIgnoreCase);

    // Null when ffprobe says that it can't make anything of it.
    private async Task<(string? Report, ErrorTail Errors)> AskAsync(
        string url, string level, CancellationToken cancellationToken, Action<string>? onError = null, IReadOnlyList<string>? reading = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        var text = new StringBuilder();
        try
        {
            var (exitCode, errors) = await ToolProcess.RunAsync(
                tools.FFprobePath,
                ["-v", level, .. PlayerProbeOptions.Arguments, .. Report, .. reading ?? [], "-i", url],
                [url],
                line => text.Append(text.Length < MaxReportLength ? line : ""),
                limit.Token,
                onError);
            if (errors.LacksOption) throw new MediaException($"'{tools.FFprobePath}' is too old: install FFmpeg 4.4 or newer, or name the folder of a newer one in the environment variable {FFmpegTools.Variable}.");
            return (exitCode == 0 && text.Length < MaxReportLength ? text.ToString() : null, errors);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MediaException($"ffprobe did not finish within {TimeLimit.TotalSeconds:0} seconds and was ended: the file is damaged, or the machine is overloaded.");
        }
    }

    // FFmpeg names what it took the file for at its most talkative level only.
    private async Task<string> NameFormatAsync(string url, CancellationToken cancellationToken)
    {
        var format = "of a kind that is not played here";
        await AskAsync(url, "debug", cancellationToken, line =>
        {
            if (line.IndexOf("Format ", StringComparison.Ordinal) is >= 0 and var start && line.Contains(" probed with size=", StringComparison.Ordinal))
                format = Describe(line[(start + 7)..].Split(' ')[0]);
        });
        return format;
    }

    private static string Describe(string demuxer) => demuxer switch
    {
        "hls" or "applehttp" or "hls,applehttp" => "a playlist (HLS)",
        "dash" => "a playlist (DASH)",
        "concat" => "a playlist (concat)",
        "sdp" or "rtsp" => "a description of a live session (SDP)",
        "tty" => "text",
        _ => $"of the kind '{demuxer}'",
    };

    private static byte[] ReadStart(string path)
    {
        using var file = File.OpenHandle(path);
        var start = new byte[64];
        return start[..RandomAccess.Read(file, start, 0)];
    }
}
