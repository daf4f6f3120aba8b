using System.Globalization;
using Scdn.Media.Tools;

namespace Scdn.Media.Decoding;

/// <summary>
/// Lets FFmpeg decode the first frame of every stream, of one source or of several in one run: it takes longer to start than to open a source and seek in it.
/// </summary>
/// <param name="tools">Where FFmpeg is.</param>
internal sealed class FirstFrames(FFmpegTools tools)
{
    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(100);

    // Nothing done three times in a row: decoding goes on for as long as there is something to decode.
    private const int IdleLooks = 3;

    /// <summary>Decodes.</summary>
    /// <param name="sources">What is opened, and where.</param>
    /// <param name="onAll">Called when all frames are there. Newer versions of FFmpeg read on behind a decoder's back: what is read from now on is not needed.</param>
    /// <param name="starved">Fires when a source was asked for bytes that it will not give; what is decoded without them still counts, and FFmpeg is ended when it has nothing left to do.</param>
    /// <param name="cancellationToken">Ends FFmpeg.</param>
    public async Task<FirstFramesEnd> DecodeAsync(IReadOnlyList<FrameSource> sources, Action onAll, CancellationToken starved, CancellationToken cancellationToken)
    {
        var (frames, wanted) = (0, sources.Sum(source => source.Info.Playable.Count()));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var (exitCode, _) = await ToolProcess.PipeAsync(
                tools.FFmpegPath,
                ["-nostdin", "-hide_banner", "-v", "error", .. sources.Any(source => source.Seek is not null) ? (string[])["-copyts"] : [], .. sources.SelectMany(Input), .. sources.SelectMany(Outputs)],
                [.. sources.Select(source => source.Url)],
                async tool =>
                {
                    using var done = new CancellationTokenSource();
                    var watch = EndWhenIdleAsync(tool, end, starved, done.Token);
                    await tool.ReadLinesAsync(Count, end.Token);
                    await done.CancelAsync();
                    await watch;
                },
                end.Token);
            return new(frames, frames == wanted || exitCode == 0);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(frames, frames == wanted);
        }

        void Count(string line)
        {
            if (line.StartsWith('#') || ++frames != wanted) return;
            onAll();
        }
    }

    private static async Task EndWhenIdleAsync(ToolProcess tool, CancellationTokenSource end, CancellationToken starved, CancellationToken done)
    {
        try
        {
            await WaitAsync(starved, done);
            for (var (idle, last) = (0, tool.ProcessorTime); idle < IdleLooks;)
            {
                await Task.Delay(LooksEvery, done);
                var now = tool.ProcessorTime;
                (idle, last) = (now == last ? idle + 1 : 0, now);
            }

            await end.CancelAsync();
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // It ended by itself.
        }
    }

    private static async Task WaitAsync(CancellationToken signal, CancellationToken cancellationToken)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = signal.Register(fired.SetResult);
        await fired.Task.WaitAsync(cancellationToken);
    }

    private static IEnumerable<string> Input(FrameSource source) =>
    [
        // More threads would read a frame ahead each.
        "-threads", "1",
        .. PlayerProbeOptions.Arguments,
        // It would read on to the very frame, and then drop those before it for their times; the frame before it that can be decoded by itself is enough.
        .. source.Seek is { } at ? (string[])["-noaccurate_seek", "-ss", at.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)] : [],
        .. source.Reading,
        "-i", source.Url,
    ];

    // Each into an output of its own: FFmpeg ends by itself when the last of them has its frame. One thread again: each further one keeps a frame to itself.
    private static IEnumerable<string> Outputs(FrameSource source, int number) =>
        source.Info.Playable.SelectMany(stream => (string[])["-map", $"{number}:{stream.Index}", "-frames", "1", "-threads", "1", "-flush_packets", "1", "-f", "framecrc", "-"]);
}

/// <summary>A source that FFmpeg opens.</summary>
/// <param name="Url">Its address on loopback.</param>
/// <param name="Info">What it is.</param>
/// <param name="Seek">Where to begin; null for its start, without a seek.</param>
/// <param name="Reading">How FFmpeg is told to read from it.</param>
internal sealed record FrameSource(string Url, MediaInfo Info, TimeSpan? Seek, IReadOnlyList<string> Reading);

/// <summary>What came of a run.</summary>
/// <param name="Frames">How many frames there were.</param>
/// <param name="Whole">Whether that is all that there is: a frame of every stream, or of those that have any.</param>
internal readonly record struct FirstFramesEnd(int Frames, bool Whole);
