using System.Collections.Immutable;

namespace Scdn.Format;

/// <summary>One part to be: what it is for and which bytes of the original it gathers.</summary>
internal sealed record PlannedPart(PartKind Kind, ImmutableArray<ByteRange> Extents);

/// <summary>
/// Decides which bytes go into which part (SPEC.md, "Partition"): the head, arranged and packed in the order of demand, then everything else from
/// front to back, both cut at the part size.
/// </summary>
internal static class Partition
{
    /// <summary>Head ranges nearer to each other than this are joined: what lies between costs less than an extent of its own.</summary>
    public const long JoinGap = 4096;

    public static ImmutableArray<PlannedPart> Make(long length, IEnumerable<ByteRange> headDemand, long partSize)
    {
        var head = Arrange(length, headDemand);
        return [.. Cut(PartKind.Head, head, partSize), .. Cut(PartKind.Data, Rest(length, head), partSize)];
    }

    /// <summary>Clips the ranges to the file, joins those that touch or nearly do, and puts the result in the order in which each was first asked for.</summary>
    public static ImmutableArray<ByteRange> Arrange(long length, IEnumerable<ByteRange> demand)
    {
        var file = new ByteRange(0, length);
        var asked = demand.Select(range => file.Intersect(Positive(range))).Where(range => range.Length > 0)
            .Select((range, order) => (Range: range, Order: order)).OrderBy(item => item.Range.Offset);
        var joined = new List<(ByteRange Range, int Order)>();
        foreach (var (range, order) in asked)
        {
            if (joined.Count > 0 && range.Offset - joined[^1].Range.End < JoinGap)
            {
                var (last, first) = joined[^1];
                joined[^1] = (last with { Length = Math.Max(last.End, range.End) - last.Offset }, Math.Min(first, order));
            }
            else
            {
                joined.Add((range, order));
            }
        }

        return [.. joined.OrderBy(item => item.Order).Select(item => item.Range)];
    }

    /// <summary>A range whose end can be computed: a tracer may ask for "all the rest".</summary>
    private static ByteRange Positive(ByteRange range)
    {
        var start = Math.Max(0, range.Offset);
        var cut = Math.Min(start - range.Offset, range.Length);
        return new(start, Math.Min(Math.Max(0, range.Length - cut), long.MaxValue - start));
    }

    private static IEnumerable<ByteRange> Rest(long length, ImmutableArray<ByteRange> head)
    {
        long end = 0;
        foreach (var range in head.OrderBy(range => range.Offset))
        {
            if (range.Offset > end) yield return new(end, range.Offset - end);
            end = range.End;
        }

        if (end < length) yield return new(end, length - end);
    }

    private static IEnumerable<PlannedPart> Cut(PartKind kind, IEnumerable<ByteRange> ranges, long partSize)
    {
        var extents = ImmutableArray.CreateBuilder<ByteRange>();
        var room = partSize;
        foreach (var range in ranges)
        {
            for (var rest = range; rest.Length > 0;)
            {
                var taken = rest with { Length = Math.Min(room, rest.Length) };
                extents.Add(taken);
                rest = new(taken.End, rest.Length - taken.Length);
                room -= taken.Length;
                if (room > 0) continue;
                yield return new(kind, extents.DrainToImmutable());
                room = partSize;
            }
        }

        if (extents.Count > 0) yield return new(kind, extents.DrainToImmutable());
    }
}
