using Scdn.Media.Tools;

namespace Scdn.Media.Scoring;

/// <summary>Lets FFmpeg decode a source into frames that are compared.</summary>
internal sealed class FrameDecode(FFmpegTools tools, ScoreLimits limits)
{
    /// <summary>Decodes; false when it took too long and was ended. That FFmpeg can't make anything of the source is no error; that it crashes throws <see cref="MediaException"/>.</summary>
    public async Task<bool> RunAsync(string url, IEnumerable<string> input, ISignatures kind, Action<ReadOnlySpan<byte>> onFrame, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(limits.Run);
        try
        {
            await ToolProcess.PipeAsync(tools.FFmpegPath, Arguments(url, input, kind), [url], tool => ReadAsync(tool.Output, kind.FrameBytes, onFrame, limit.Token), limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task ReadAsync(Stream output, int frameBytes, Action<ReadOnlySpan<byte>> onFrame, CancellationToken cancellationToken)
    {
        var frame = new byte[frameBytes];
        while (await output.ReadAtLeastAsync(frame, frameBytes, throwOnEndOfStream: false, cancellationToken) == frameBytes) onFrame(frame);
    }

    private IEnumerable<string> Arguments(string url, IEnumerable<string> input, ISignatures kind) =>
    [
        "-nostdin", "-hide_banner", "-v", "error", "-noautorotate", .. input, "-i", url,
        "-t", limits.Content.TotalSeconds.ToString("0.###"), "-frames:v", limits.Pictures.ToString(), .. kind.Output, "-",
    ];
}
