namespace Scdn.Format;

/// <summary>
/// How a player seeks in a file that demuxers would search for the place, or read from the start on: it opens a <em>view</em>, the original's first bytes and then the original from a key frame on,
/// which plays from that frame. The timestamps in it may count from there.
/// </summary>
/// <param name="Lead">Bytes of the original that every view begins with: what stands before its first packet.</param>
public sealed record SeekView(long Lead)
{
    /// <summary>Bytes of the view that goes on at <paramref name="start"/> of an original of <paramref name="length"/> bytes.</summary>
    public long LengthFrom(long start, long length) => Lead + length - Math.Max(Lead, start);

    /// <summary>The places in the original of a range of the view that goes on at <paramref name="start"/>: one, or two.</summary>
    public IEnumerable<ByteRange> Locate(long start, ByteRange range)
    {
        var lead = new ByteRange(0, Lead).Intersect(range);
        if (lead.Length > 0) yield return lead;
        if (range.End > Lead) yield return new(Math.Max(Lead, start) + Math.Max(Lead, range.Offset) - Lead, range.Length - lead.Length);
    }
}
