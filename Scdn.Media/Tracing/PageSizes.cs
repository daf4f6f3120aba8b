using Scdn.Format;

namespace Scdn.Media.Tracing;

/// <summary>
/// How much a demand is answered with. A page of 1 KiB shows to 1 KiB what a demuxer wants; but an index of many megabytes would take thousands of requests. So pages grow while
/// a run is read on and on, and when that happened the trace is made a second time: now that the ends of the runs are known about, only the bytes near them go by the small page.
/// </summary>
internal sealed class PageSizes(IReadOnlyList<ByteRange>? known = null)
{
    public const int Smallest = 1024;
    public const int Largest = 64 * 1024;

    // A run has to be that long before its pages grow, and then they stay below a quarter of it.
    private const int GrowsAfter = 96 * 1024;

    /// <summary>Whether any page was larger than the smallest, so that the trace is not exact.</summary>
    public bool Grew { get; private set; }

    /// <summary>The size of the page at <paramref name="offset"/>, when the run that it goes on with is <paramref name="runLength"/> bytes long already.</summary>
    public int Next(long offset, long runLength)
    {
        if (known is not null)
        {
            // The first trace may have gone beyond a run's end by its last page.
            var run = known.FirstOrDefault(range => range.Contains(offset));
            var sure = run.End - Largest - offset;
            return sure > Smallest ? (int)Math.Min(Largest, sure) : Smallest;
        }

        if (runLength < GrowsAfter) return Smallest;
        Grew = true;
        return (int)Math.Min(Largest, runLength / 4);
    }
}
