namespace Scdn.Format;

/// <summary>A run of bytes: <paramref name="Length"/> bytes from <paramref name="Offset"/> on. Of what, its owner says.</summary>
/// <param name="Offset">First byte, from 0.</param>
/// <param name="Length">Number of bytes; 0 is an empty range.</param>
public readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>The first byte after the range.</summary>
    public long End => Offset + Length;

    /// <summary>Whether the byte at <paramref name="position"/> lies inside.</summary>
    public bool Contains(long position) => position >= Offset && position < End;

    /// <summary>What both ranges share; empty when they are apart.</summary>
    public ByteRange Intersect(ByteRange other)
    {
        var start = Math.Max(Offset, other.Offset);
        return new(start, Math.Max(0, Math.Min(End, other.End) - start));
    }
}
