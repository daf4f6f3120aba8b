using System.Globalization;
using Scdn.Media.Tools;
using Scdn.Media.Tracing;

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

    /// <summary>
    /// Decodes. When all frames are there the sources are closed: FFmpeg reads on behind its decoders' backs, from version 7 on always, before when there are several sources, and what is read from then on is not needed. When a source is starved, what is
    /// decoded without the bytes that it doesn't give still counts, and FFmpeg is ended when it has nothing left to do.
    /// </summary>
    public async Task<FirstFramesEnd> DecodeAsync(IReadOnlyList<FrameSource> sources, CancellationToken cancellationToken)
    {
        var (frames, wanted) = (0, sources.Sum(source => source.Info.Playable.Count()));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var starved = CancellationTokenSource.CreateLinkedTokenSource([.. sources.Select(source => source.Server.Starved)]);
        try
        {
            var (exitCode, _) = await ToolProcess.PipeAsync(
                tools.FFmpegPath,
                ["-nostdin", "-hide_banner", "-v", "error", .. sources.Any(source => source.Seek is not null) ? (string[])["-copyts"] : [], .. sources.SelectMany(Input), .. sources.SelectMany(Outputs)],
                [.. sources.Select(source => source.Server.Url)],
                async tool =>
                {
                    using var done = new CancellationTokenSource();
                    var watch = EndWhenIdleAsync(tool, sources, end, starved.Token, done.Token);
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
            foreach (var source in sources) source.Server.Close();
        }
    }

    private static async Task EndWhenIdleAsync(ToolProcess tool, IReadOnlyList<FrameSource> sources, CancellationTokenSource end, CancellationToken starved, CancellationToken done)
    {
        try
        {
            await WaitAsync(starved, done);
            for (var (idle, last) = (0, Done()); idle < IdleLooks;)
            {
                await Task.Delay(LooksEvery, done);
                var now = Done();
                (idle, last) = (now == last && !sources.Any(source => source.Server.IsAnswering) ? idle + 1 : 0, now);
            }

            await end.CancelAsync();
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // It ended by itself.
        }

        (TimeSpan, long) Done() => (tool.ProcessorTime, sources.Sum(source => source.Server.Answers));
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
        .. PageServer.Reading,
        "-i", source.Server.Url,
    ];

    // Each into an output of its own: FFmpeg ends by itself when the last of them has its frame. One thread again: each further one keeps a frame to itself.
    private static IEnumerable<string> Outputs(FrameSource source, int number) =>
        source.Info.Playable.SelectMany(stream => (string[])["-map", $"{number}:{stream.Index}", "-frames", "1", "-threads", "1", "-flush_packets", "1", "-f", "framecrc", "-"]);
}

/// <summary>A source that FFmpeg opens.</summary>
/// <param name="Server">Who gives its bytes.</param>
/// <param name="Info">What it is.</param>
/// <param name="Seek">Where to begin; null for its start, without a seek.</param>
internal sealed record FrameSource(IPagedSource Server, MediaInfo Info, TimeSpan? Seek);

/// <summary>What came of a run.</summary>
/// <param name="Frames">How many frames there were.</param>
/// <param name="Whole">Whether that is all that there is: a frame of every stream, or of those that have any.</param>
internal readonly record struct FirstFramesEnd(int Frames, bool Whole);
