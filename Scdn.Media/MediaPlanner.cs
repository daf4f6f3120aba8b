using System.Diagnostics.CodeAnalysis;
using Scdn.Format;
using Scdn.Media.Indexing;
using Scdn.Media.Probing;
using Scdn.Media.Tools;
using Scdn.Media.Tracing;

namespace Scdn.Media;

/// <summary>Works out how a file is to be split: what it is, which bytes are its head, where its key frames are.</summary>
/// <param name="tools">Where FFmpeg is.</param>
public sealed class MediaPlanner(FFmpegTools tools)
{
    // MP4, Matroska and the like have signatures; what scores less may be words or noise that happen to look like sound.
    private const int CertainScore = 100;

    private readonly MediaProbe _probe = new(tools);
    private readonly HeadTracer _tracer = new(tools, new());
    private readonly KeyFrameIndexer _indexer = new(tools);
    private readonly SeekIndexer _seeks = new(tools);

    /// <summary>
    /// Plans for a file that is expected to be of the <paramref name="chosen"/> format; with <see cref="MediaFormat.Auto"/> any media will do, with <see cref="MediaFormat.Binary"/> nobody looks into it.
    /// Without a <paramref name="title"/> the file's name is it. A file that isn't accepted is an outcome; <see cref="MediaException"/> is thrown when FFmpeg itself fails.
    /// The file is still read for the plan's index when this returns, until that is done or <paramref name="cancellationToken"/> ends it.
    /// </summary>
    public async Task<PlanOutcome> PlanAsync(string path, MediaFormat chosen, string? title, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(path);
        title ??= Path.GetFileNameWithoutExtension(path);
        if (chosen == MediaFormat.Binary && MediaProbe.FindMissing(path) is { } missing) return PlanOutcome.Failed(missing);
        if (chosen == MediaFormat.Binary) return PlanOutcome.Planned(SplitPlan.Binary(title), null, null);

        var outcome = await _probe.ProbeAsync(path, cancellationToken);
        if (!outcome.IsMedia) return PlanOutcome.Failed(outcome.Fault);
        var info = outcome.Info;
        if (!chosen.Covers(info.Container)) return PlanOutcome.Failed(OtherFormat(name, chosen, info));

        // Reading the whole file takes the longest: it begins beside the trace, and goes on while the file is split.
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scan = _indexer.IndexAsync(path, info, end.Token);
        HeadTrace trace;
        try
        {
            trace = await _tracer.TraceAsync(path, info, cancellationToken);
        }
        catch
        {
            await end.CancelAsync();
            throw;
        }

        if (info.ProbeScore < CertainScore && trace is { AnyFrame: false, OpeningStopped: null })
        {
            await end.CancelAsync();
            return PlanOutcome.Failed(MediaProbe.NotMedia(name).Fault!);
        }

        var plan = new SplitPlan
        {
            Title = title,
            MediaType = chosen == MediaFormat.Auto ? info.MediaType : chosen.TypeOf(info.HasVideo),
            Container = info.Container,
            Duration = info.Duration,
            HeadExtents = trace.Head,
            FindIndex = async stop =>
            {
                // A split that fails takes the scan with it.
                await using var ending = stop.Register(end.Cancel);
                return await _seeks.IndexAsync(path, info, trace, await scan.WaitAsync(stop), stop);
            },
        };
        return PlanOutcome.Planned(plan, info, trace);
    }

    private static MediaFault OtherFormat(string name, MediaFormat chosen, MediaInfo info) => new(
        MediaFaultKind.OtherFormat,
        $"'{name}': the file format is incorrect: {chosen} was chosen, but the file is {info.Format?.Name ?? info.Container}. Choose that, or auto.");
}

/// <summary>Either a plan, or why there is none.</summary>
public sealed class PlanOutcome
{
    private PlanOutcome(SplitPlan? plan, MediaInfo? info, HeadTrace? trace, MediaFault? fault) => (Plan, Info, Trace, Fault) = (plan, info, trace, fault);

    /// <summary>Whether the file can be split as planned.</summary>
    [MemberNotNullWhen(true, nameof(Plan))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsPlanned => Plan is not null;

    /// <summary>The plan.</summary>
    public SplitPlan? Plan { get; }

    /// <summary>What the file is; null when nobody looked into it.</summary>
    public MediaInfo? Info { get; }

    /// <summary>How the head was found, and whether the trace had to be stopped; null when nobody looked.</summary>
    public HeadTrace? Trace { get; }

    /// <summary>Why there is no plan.</summary>
    public MediaFault? Fault { get; }

    internal static PlanOutcome Planned(SplitPlan plan, MediaInfo? info, HeadTrace? trace) => new(plan, info, trace, null);

    internal static PlanOutcome Failed(MediaFault fault) => new(null, null, null, fault);
}
