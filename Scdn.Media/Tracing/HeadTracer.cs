using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Scdn.Format;
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

        var first = await TraceAsync(file, info, null, new([], grow: true), limits.OpeningBytes, limit.Token);
        // What a seek reads of the opening is of no interest, so it need not be exact.
        var opened = Ranges.Union(first.Runs).Select(range => new KnownRun(range, 0)).ToList();
        var traces = await Task.WhenAll(
            [ExactAsync(file, info, null, first, limits.OpeningBytes, limit.Token), .. Targets(info).Select(at => TraceAsync(file, info, at, new(opened, grow: true), limits.SeekingTotalBytes, limit.Token))]);
        cancellationToken.ThrowIfCancellationRequested();

        var opening = traces[0];
        (IReadOnlyList<ByteRange> seeking, string? stopped) = ([], "the file doesn't say how long it plays");
        if (traces is [_, var near, var far])
        {
            var whole = opening with { Runs = [.. opening.Runs, .. first.Runs] };
            (seeking, stopped) = Compare(whole, near, far);
            // What two seeks share is an index, and worth knowing exactly.
            if (seeking.Count > 0)
            {
                var exact = await Task.WhenAll(Targets(info).Zip([near, far], (at, coarse) => ExactAsync(file, info, at, coarse, limits.SeekingTotalBytes, limit.Token)));
                (seeking, stopped) = Compare(whole, exact[0], exact[1]);
            }
        }

        return new()
        {
            Opening = [.. opening.Stopped is null ? opening.Runs : Ranges.Prefix(opening.Runs, limits.StoppedBytes)],
            Seeking = [.. seeking],
            Decoded = opening.Decoded,
            AnyFrame = opening.Frames > 0,
            OpeningStopped = opening.Stopped,
            SeekingStopped = stopped,
        };
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

    private static IEnumerable<TimeSpan> Targets(MediaInfo info) =>
        info.Duration > TimeSpan.Zero ? SeekTargets.Select(share => info.Duration * share) : [];

    // FFmpeg starts in 50 ms; the two traces of a large index are still far cheaper than one with small pages only.
    internal async Task<TraceRun> ExactAsync(SafeFileHandle file, MediaInfo info, TimeSpan? seek, TraceRun coarse, long maxBytes, CancellationToken cancellationToken) =>
        coarse.Grew && coarse.Stopped is null ? await TraceAsync(file, info, seek, new([.. coarse.Runs.Select(run => new KnownRun(run, PageSizes.Largest))], grow: false), maxBytes, cancellationToken) : coarse;

    internal async Task<TraceRun> TraceAsync(SafeFileHandle file, MediaInfo info, TimeSpan? seek, PageSizes sizes, long maxBytes, CancellationToken cancellationToken)
    {
        await using var server = new PageServer(file, sizes, maxBytes);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, server.Exceeded);
        var frames = 0;
        try
        {
            var (exitCode, _) = await ToolProcess.RunAsync(
                tools.FFmpegPath, Arguments(info, seek, server.Url), server.Url, line => frames += line.StartsWith('#') ? 0 : 1, end.Token);
            return new(server.Runs, sizes.Grew, exitCode == 0, frames, null);
        }
        catch (OperationCanceledException)
        {
            var what = seek is null ? "opening" : "a seek";
            var why = server.Exceeded.IsCancellationRequested
                ? $"{what} reads more than {maxBytes >> 20} MiB of the file"
                : $"{what} took more than {limits.Time.TotalSeconds:0.#} seconds";
            return new(server.Runs, sizes.Grew, false, frames, why);
        }
    }

    // One frame of every stream, each into an output of its own: FFmpeg ends by itself when the last of them has its frame. One thread, for more of them would read a frame ahead each.
    internal static IEnumerable<string> Arguments(MediaInfo info, TimeSpan? seek, string url) =>
    [
        "-nostdin", "-hide_banner", "-v", "error", "-threads", "1",
        .. PlayerProbeOptions.Arguments,
        // It would read on to the very frame, and then drop those before it for their times; the frame before it that can be decoded by itself is enough.
        .. seek is { } at ? (string[])["-noaccurate_seek", "-copyts", "-ss", at.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)] : [],
        .. PageServer.Reading,
        "-i", url,
        .. info.Playable.SelectMany(stream => (string[])["-map", $"0:{stream.Index}", "-frames", "1", "-f", "framecrc", "-"]),
    ];
}

/// <summary>One reading of a file.</summary>
/// <param name="Runs">What was read, in the order of demand.</param>
/// <param name="Grew">Whether pages grew, so that it is not exact.</param>
/// <param name="Decoded">Whether a frame of every stream came out.</param>
/// <param name="Frames">How many came out.</param>
/// <param name="Stopped">Why it was ended from outside; null when it wasn't.</param>
internal sealed record TraceRun(IReadOnlyList<ByteRange> Runs, bool Grew, bool Decoded, int Frames, string? Stopped);
