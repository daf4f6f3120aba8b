namespace Scdn.Format;

/// <summary>A run of the original that lies in one piece in one part.</summary>
/// <param name="PartIndex">The part's place in <see cref="Manifest.Parts"/>.</param>
/// <param name="PartOffset">Where the run starts among the part's plain bytes.</param>
/// <param name="Original">Its place in the original.</param>
public readonly record struct ContentPiece(int PartIndex, long PartOffset, ByteRange Original);

/// <summary>Finds the part that carries a byte of the original, by binary search over all extents.</summary>
public sealed class ContentMap
{
    private readonly ContentPiece[] _pieces;

    /// <summary>Maps a manifest.</summary>
    public ContentMap(Manifest manifest)
    {
        Manifest = manifest;
        _pieces = [.. manifest.Parts.SelectMany(Pieces)];
        Array.Sort(_pieces, (left, right) => left.Original.Offset.CompareTo(right.Original.Offset));
    }

    /// <summary>What is mapped.</summary>
    public Manifest Manifest { get; }

    /// <summary>The rest, from a byte on, of the piece that carries it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The original has no such byte.</exception>
    public ContentPiece Locate(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Manifest.Length);
        return From(_pieces[IndexOf(offset)], offset);
    }

    /// <summary>The pieces that make up a range of the original, from front to back; what lies beyond its end is left out.</summary>
    public IEnumerable<ContentPiece> Pieces(ByteRange range)
    {
        var wanted = new ByteRange(0, Manifest.Length).Intersect(range);
        if (wanted.Length == 0) yield break;
        for (var index = IndexOf(wanted.Offset); index < _pieces.Length && _pieces[index].Original.Offset < wanted.End; index++)
        {
            var piece = From(_pieces[index], Math.Max(wanted.Offset, _pieces[index].Original.Offset));
            yield return piece with { Original = piece.Original.Intersect(wanted) };
        }
    }

    private static ContentPiece From(ContentPiece piece, long offset)
    {
        var skipped = offset - piece.Original.Offset;
        return new(piece.PartIndex, piece.PartOffset + skipped, new(offset, piece.Original.Length - skipped));
    }

    private static IEnumerable<ContentPiece> Pieces(ManifestPart part, int index)
    {
        long offset = 0;
        foreach (var extent in part.Extents)
        {
            yield return new(index, offset, extent);
            offset += extent.Length;
        }
    }

    private int IndexOf(long offset)
    {
        var (low, high) = (0, _pieces.Length - 1);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (_pieces[middle].Original.Offset <= offset) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}
