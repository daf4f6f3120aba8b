using Scdn.Format;

namespace Scdn.Media.Tracing;

/// <summary>Arithmetic over lists of ranges.</summary>
internal static class Ranges
{
    /// <summary>What both lists cover, in the order of the first.</summary>
    public static IEnumerable<ByteRange> Common(IReadOnlyList<ByteRange> first, IReadOnlyList<ByteRange> second) =>
        from range in first
        from other in Union(second)
        let both = range.Intersect(other)
        where both.Length > 0
        select both;

    /// <summary>What is left of <paramref name="ranges"/>, in their order, without what <paramref name="taken"/> covers.</summary>
    public static IEnumerable<ByteRange> Without(IEnumerable<ByteRange> ranges, IReadOnlyList<ByteRange> taken)
    {
        var covered = Union(taken);
        foreach (var range in ranges)
        {
            var rest = range;
            foreach (var cut in covered.Where(cut => cut.Intersect(range).Length > 0))
            {
                if (cut.Offset > rest.Offset) yield return new(rest.Offset, cut.Offset - rest.Offset);
                rest = new(cut.End, Math.Max(0, range.End - cut.End));
            }

            if (rest.Length > 0) yield return rest;
        }
    }

    /// <summary>The first <paramref name="bytes"/> bytes of a list.</summary>
    public static IEnumerable<ByteRange> Prefix(IEnumerable<ByteRange> ranges, long bytes)
    {
        foreach (var range in ranges)
        {
            if (bytes <= 0) yield break;
            yield return range with { Length = Math.Min(range.Length, bytes) };
            bytes -= range.Length;
        }
    }

    /// <summary>The same bytes by place: sorted, joined, each once.</summary>
    public static IReadOnlyList<ByteRange> Union(IEnumerable<ByteRange> ranges)
    {
        var union = new List<ByteRange>();
        foreach (var range in ranges.Where(range => range.Length > 0).OrderBy(range => range.Offset))
        {
            if (union is [.., var last] && range.Offset <= last.End) union[^1] = last with { Length = Math.Max(last.End, range.End) - last.Offset };
            else union.Add(range);
        }

        return union;
    }
}
