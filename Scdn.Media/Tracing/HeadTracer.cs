using Microsoft.Win32.SafeHandles;
using Scdn.Format;
using Scdn.Media.Decoding;
using Scdn.Media.Tools;

namespace Scdn.Media.Tracing;

/// <summary>
/// Finds the head of a media file by watching a real demuxer: FFmpeg opens the file through <see cref="PageServer"/>, once from the start and twice with a seek. No container is parsed here, so a new
/// one needs no new code.
/// </summary>
/// <param name="tools">Where FFmpeg is.</param>
/// <param name="limits">When to give up.</param>
public sealed class HeadTracer(FFmpegTools tools, TraceLimits limits)
{
    // Where an index would lie, a reader that goes on behind it by more than a buffer was reading the film itself.
    private const int ReadsOn = 64 * 1024;
    private static readonly double[] SeekTargets = [0.35, 0.70];

    /// <summary>Traces a file that <paramref name="info"/> was found in. A trace that can't be finished is a result that says why, not an error.</summary>
    public async Task<HeadTrace> TraceAsync(string path, MediaInfo info, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(limits.Time);

        TimeSpan?[] start = [null];
        TimeSpan?[] seeks = info.Duration > TimeSpan.Zero ? [.. SeekTargets.Select(share => info.Duration * share)] : [];
        var first = (await TraceAsync(file, info, start, [new([], grow: true)], limits.OpeningBytes, limit.Token))[0];
        // What a seek reads of the opening is of no interest, so it need not be exact.
        var opened = Ranges.Union(first.Runs).Select(range => new KnownRun(range, 0)).ToList();
        var (exact, seeking) = (ExactAsync(file, info, start, [first], limits.OpeningBytes, limit.Token), TraceSeeksAsync());
        await Task.WhenAll(exact, seeking);
        var opening = (await exact)[0];
        var (common, stopped) = await seeking;
        cancellationToken.ThrowIfCancellationRequested();

        return new()
        {
            Opening = [.. opening.Stopped is null ? opening.Runs : Ranges.Prefix(opening.Runs, limits.StoppedBytes)],
            Seeking = [.. common],
            Decoded = opening.Decoded,
            AnyFrame = opening.Frames > 0,
            OpeningStopped = opening.Stopped,
            SeekingStopped = stopped,
        };

        async Task<(IReadOnlyList<ByteRange> Common, string? Stopped)> TraceSeeksAsync()
        {
            if (seeks.Length == 0) return ([], "the file doesn't say how long it plays");
            var runs = await TraceAsync(file, info, seeks, [.. seeks.Select(_ => new PageSizes(opened, grow: true))], limits.SeekingTotalBytes, limit.Token);
            var found = Compare(first, runs[0], runs[1]);
            // What two seeks share is an index, and worth knowing exactly.
            if (found.Seeking.Count == 0) return found;
            runs = await ExactAsync(file, info, seeks, runs, limits.SeekingTotalBytes, limit.Token);
            return Compare(first, runs[0], runs[1]);
        }
    }

    /// <summary>
    /// What both seeks read and the opening didn't. A run counts when both readers stopped at its end: a file without an index is read from its start to the target, and all of the nearer seek is common
    /// to both without being of any use to a third.
    /// </summary>
    internal static (IReadOnlyList<ByteRange> Seeking, string? Stopped) Compare(TraceRun opening, TraceRun near, TraceRun far)
    {
        if ((opening.Stopped ?? near.Stopped ?? far.Stopped) is { } stopped) return ([], stopped);
        var (all, covered) = (Ranges.Union([.. near.Runs, .. far.Runs]), Ranges.Union(opening.Runs));
        return ([.. Ranges.Without(Ranges.Common(near.Runs, far.Runs), covered).Where(StopsThere)], null);

        bool StopsThere(ByteRange common) => !all.Any(run => run.Contains(common.End - 1) && run.End - common.End > ReadsOn);
    }

    // FFmpeg starts in 50 ms; two traces of a large index are still far cheaper than one with small pages only.
    internal async Task<IReadOnlyList<TraceRun>> ExactAsync(
        SafeFileHandle file, MediaInfo info, IReadOnlyList<TimeSpan?> starts, IReadOnlyList<TraceRun> coarse, long maxBytes, CancellationToken cancellationToken)
    {
        if (coarse.Any(run => run.Stopped is not null) || !coarse.Any(run => run.Grew)) return coarse;
        var sizes = coarse.Select(run => new PageSizes([.. run.Runs.Select(known => new KnownRun(known, PageSizes.Largest))], grow: false));
        return await TraceAsync(file, info, starts, [.. sizes], maxBytes, cancellationToken);
    }

    /// <summary>One run of FFmpeg, which opens the file once for each of <paramref name="starts"/>. What stops one of them stops all.</summary>
    internal async Task<IReadOnlyList<TraceRun>> TraceAsync(
        SafeFileHandle file, MediaInfo info, IReadOnlyList<TimeSpan?> starts, IReadOnlyList<PageSizes> sizes, long maxBytes, CancellationToken cancellationToken)
    {
        var servers = sizes.Select(size => new PageServer(file, size, maxBytes)).ToList();
        try
        {
            using var exceeded = CancellationTokenSource.CreateLinkedTokenSource([cancellationToken, .. servers.Select(server => server.Exceeded)]);
            var end = default(FirstFramesEnd);
            string? stopped = null;
            try
            {
                end = await new FirstFrames(tools).DecodeAsync(
                    [.. servers.Zip(starts, (server, start) => new FrameSource(server, info, start))], exceeded.Token);
            }
            catch (OperationCanceledException)
            {
                var what = starts[0] is null ? "opening" : "a seek";
                stopped = servers.Any(server => server.Exceeded.IsCancellationRequested)
                    ? $"{what} reads more than {maxBytes >> 20} MiB of the file"
                    : $"{what} took more than {limits.Time.TotalSeconds:0.#} seconds";
            }

            return [.. servers.Zip(sizes, (server, size) => new TraceRun(server.Runs, size.Grew, end.Whole, end.Frames, stopped))];
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }
}

/// <summary>One reading of a file.</summary>
/// <param name="Runs">What was read, in the order of demand.</param>
/// <param name="Grew">Whether pages grew, so that it is not exact.</param>
/// <param name="Decoded">Whether a frame of every stream came out.</param>
/// <param name="Frames">How many came out.</param>
/// <param name="Stopped">Why it was ended from outside; null when it wasn't.</param>
internal sealed record TraceRun(IReadOnlyList<ByteRange> Runs, bool Grew, bool Decoded, int Frames, string? Stopped);
