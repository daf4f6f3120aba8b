using Scdn.Format;

namespace Scdn.Media.Tracing;

/// <summary>A run that was read before.</summary>
/// <param name="Range">From its start to the end of its last page.</param>
/// <param name="Uncertain">How much of its end is to go by small pages: nobody may have wanted it, and where the last page ends decides whether a demuxer seeks on or reads on.</param>
internal readonly record struct KnownRun(ByteRange Range, int Uncertain);

/// <summary>
/// How much a demand is answered with. A page of 1 KiB shows to 1 KiB what a demuxer wants; but an index of many megabytes would take thousands of requests. So pages grow while
/// a run is read on and on, and when that happened the trace is made a second time: now that the ends of the runs are known about, only the bytes near them go by the small page.
/// </summary>
/// <param name="known">What was read before: large pages will do, but for what is uncertain.</param>
/// <param name="grow">Whether pages grow in what is not known.</param>
internal sealed class PageSizes(IReadOnlyList<KnownRun> known, bool grow)
{
    public const int Smallest = 1024;
    public const int Largest = 64 * 1024;

    // A run has to be that long before its pages grow, and then they stay below a sixteenth of it.
    private const int GrowsAfter = 96 * 1024;
    private const int Share = 16;

    /// <summary>Whether pages larger than the smallest were given where nothing was known, so that the trace is not exact.</summary>
    public bool Grew { get; private set; }

    /// <summary>The size of the page at <paramref name="offset"/>, when the run that it goes on with is <paramref name="runLength"/> bytes long already.</summary>
    public int Next(long offset, long runLength)
    {
        var sure = known.Where(run => run.Range.Contains(offset)).Select(run => run.Range.End - run.Uncertain - offset).FirstOrDefault();
        if (sure > Smallest) return Whole(Math.Min(Largest, sure));
        if (sure > 0 || !grow || runLength < GrowsAfter) return Smallest;
        Grew = true;
        return Whole(Math.Min(Largest, runLength / Share));
    }

    // So that the small pages behind it begin where they would have begun without it.
    private static int Whole(long size) => (int)(size - (size % Smallest));
}
