using System.Collections.Immutable;

namespace Scdn.Format;

/// <summary>A few whole segments of a part, on their way through a pipeline.</summary>
/// <param name="Segment">The number of the first.</param>
/// <param name="Plain">Their place among the part's plain bytes.</param>
/// <param name="Extents">Their places in the original, in the same order.</param>
internal sealed record Batch(int Segment, ByteRange Plain, ImmutableArray<ByteRange> Extents)
{
    /// <summary>Segments in a batch: 1 MiB, enough to make each system call worth its while.</summary>
    public const int Segments = 16;

    public const int PlainSize = Segments * PartLayout.SegmentSize;

    public const int StoredSize = Segments * (PartLayout.SegmentSize + PartLayout.TagSize);

    /// <summary>Cuts a part into batches.</summary>
    public static IEnumerable<Batch> Of(ManifestPart part)
    {
        var extents = ImmutableArray.CreateBuilder<ByteRange>();
        long start = 0;
        var room = PlainSize;
        foreach (var extent in part.Extents)
        {
            for (var rest = extent; rest.Length > 0;)
            {
                var taken = rest with { Length = Math.Min(room, rest.Length) };
                extents.Add(taken);
                rest = new(taken.End, rest.Length - taken.Length);
                room -= (int)taken.Length;
                if (room > 0) continue;
                yield return At(start, PlainSize, extents);
                start += PlainSize;
                room = PlainSize;
            }
        }

        if (extents.Count > 0) yield return At(start, PlainSize - room, extents);
    }

    private static Batch At(long start, long length, ImmutableArray<ByteRange>.Builder extents) =>
        new((int)(start / PartLayout.SegmentSize), new(start, length), extents.DrainToImmutable());
}
