using System.Collections.Immutable;

namespace Scdn.Format;

/// <summary>A run of the original inside one segment.</summary>
/// <param name="Segment">The segment's number over all parts, in the manifest's order.</param>
/// <param name="Offset">Where the run starts in the segment's plain bytes.</param>
/// <param name="Length">How far it goes on there without a gap in the original.</param>
public readonly record struct SegmentRun(int Segment, int Offset, int Length);

/// <summary>
/// Numbers the segments of all parts from 0 on, in the manifest's order, so head segments come first; and tells which of them holds a byte of the original.
/// </summary>
public sealed class SegmentMap
{
    private readonly ImmutableArray<ManifestPart> _parts;
    private readonly Dictionary<PartId, int> _numbers = [];
    private readonly int[] _firstSegments;
    private readonly Extent[] _extents;

    /// <summary>Maps parts.</summary>
    /// <param name="parts">All that a manifest names, in its order; of a map that is never asked to locate a byte, any.</param>
    public SegmentMap(ImmutableArray<ManifestPart> parts)
    {
        _parts = parts;
        Length = parts.Sum(part => part.Length);
        _firstSegments = new int[_parts.Length + 1];
        var extents = new List<Extent>();
        for (var part = 0; part < _parts.Length; part++)
        {
            _numbers[_parts[part].Id] = part;
            var plain = 0L;
            foreach (var extent in _parts[part].Extents)
            {
                extents.Add(new(extent.Offset, extent.Length, part, plain));
                plain += extent.Length;
            }

            _firstSegments[part + 1] = _firstSegments[part] + _parts[part].Layout.SegmentCount;
            if (_parts[part].Kind == PartKind.Head) HeadCount = _firstSegments[part + 1];
        }

        _extents = [.. extents.OrderBy(extent => extent.Start)];
    }

    /// <summary>Bytes of the original.</summary>
    public long Length { get; }

    /// <summary>Number of segments of all parts.</summary>
    public int Count => _firstSegments[^1];

    /// <summary>The segments below this number are the head, in the order in which a demuxer asks for it.</summary>
    public int HeadCount { get; }

    /// <summary>Number of parts.</summary>
    public int PartCount => _parts.Length;

    /// <summary>A part by its number.</summary>
    public ManifestPart Part(int part) => _parts[part];

    /// <summary>A part's number; false when the content has no such part.</summary>
    public bool TryGetNumber(PartId id, out int part) => _numbers.TryGetValue(id, out part);

    /// <summary>A part's first segment.</summary>
    public int FirstSegment(int part) => _firstSegments[part];

    /// <summary>The part that a segment belongs to.</summary>
    public int PartOf(int segment)
    {
        var found = Array.BinarySearch(_firstSegments, segment);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>A segment's number within its part.</summary>
    public int WithinPart(int segment) => segment - _firstSegments[PartOf(segment)];

    /// <summary>Stored bytes of a segment: what fetching it costs.</summary>
    public int StoredLength(int segment)
    {
        var part = PartOf(segment);
        return (int)_parts[part].Layout.StoredSegment(segment - _firstSegments[part]).Length;
    }

    /// <summary>Where the byte of the original at <paramref name="position"/> is, which must lie inside of it.</summary>
    public SegmentRun Locate(long position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Length);
        var (low, high) = (0, _extents.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_extents[middle].Start <= position) low = middle;
            else high = middle - 1;
        }

        var extent = _extents[low];
        var plain = extent.Plain + position - extent.Start;
        var index = PartLayout.SegmentAt(plain);
        var offset = (int)(plain - ((long)index * PartLayout.SegmentSize));
        var length = Math.Min(extent.Start + extent.Length - position, PartLayout.SegmentSize - offset);
        return new(_firstSegments[extent.Part] + index, offset, (int)length);
    }

    /// <summary>The segments that hold a range of the original, each once, in the order in which they are come to; what lies beyond the end is left out.</summary>
    public IReadOnlyList<int> SegmentsOf(ByteRange range)
    {
        var (segments, seen) = (new List<int>(), new HashSet<int>());
        for (var position = range.Offset; position < range.End && position < Length;)
        {
            var run = Locate(position);
            if (seen.Add(run.Segment)) segments.Add(run.Segment);
            position += run.Length;
        }

        return segments;
    }

    /// <summary>How many segments, from the first on, came with the header: those of the first head parts, whole.</summary>
    /// <param name="inlineBytes">Bytes of <see cref="Manifest.InlineHead"/>.</param>
    public int InlineCount(int inlineBytes)
    {
        var segment = 0;
        for (var covered = 0L; segment < HeadCount;)
        {
            var part = Part(PartOf(segment));
            covered += part.Length;
            if (covered > inlineBytes) break;
            segment += part.Layout.SegmentCount;
        }

        return segment;
    }

    private readonly record struct Extent(long Start, long Length, int Part, long Plain);
}
