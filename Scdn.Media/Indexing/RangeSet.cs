using System.Collections.Immutable;
using Scdn.Format;

namespace Scdn.Media.Indexing;

/// <summary>A few ranges of a file, sorted; those nearer to each other than a gap become one.</summary>
internal sealed class RangeSet(long joinGap)
{
    private readonly List<ByteRange> _ranges = [];

    /// <summary>Bytes that are in.</summary>
    public long Length { get; private set; }

    public void Add(ByteRange added)
    {
        var first = _ranges.FindIndex(range => added.Offset - range.End < joinGap);
        if (first < 0) first = _ranges.Count;
        var after = first;
        var (start, end) = (added.Offset, added.End);
        for (; after < _ranges.Count && _ranges[after].Offset - added.End < joinGap; after++)
        {
            (start, end) = (Math.Min(start, _ranges[after].Offset), Math.Max(end, _ranges[after].End));
            Length -= _ranges[after].Length;
        }

        _ranges.RemoveRange(first, after - first);
        _ranges.Insert(first, new(start, end - start));
        Length += end - start;
    }

    public ImmutableArray<ByteRange> ToImmutable() => [.. _ranges];
}
