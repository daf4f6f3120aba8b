namespace Scdn.Format;

/// <summary>
/// Where everything is in a stored part: its segments one after the other, then the SHA-256 of each stored segment (SPEC.md, "Parts").
/// Pure arithmetic over two numbers; no part need be at hand.
/// </summary>
/// <param name="PlainLength">Bytes of the original that the part carries, at least 1.</param>
/// <param name="Encrypted">Whether each segment is sealed, which adds <see cref="TagSize"/> bytes to it.</param>
public readonly record struct PartLayout(long PlainLength, bool Encrypted)
{
    /// <summary>Plain bytes in every segment but the last, which holds 1 to as many.</summary>
    public const int SegmentSize = 64 * 1024;

    /// <summary>Bytes that AES-256-GCM adds to a segment.</summary>
    public const int TagSize = 16;

    /// <summary>Bytes of one entry of the hash list.</summary>
    public const int HashSize = 32;

    /// <summary>Plain bytes that a part may have at most: 1 GiB, so that a hash list has at most 512 KiB.</summary>
    public const long MaxPlainLength = 1L << 30;

    private const long MaxStoredLength = MaxPlainLength + (MaxPlainLength / SegmentSize * (TagSize + HashSize));

    /// <summary>Stored bytes of a full segment.</summary>
    public int StoredSegmentSize => Encrypted ? SegmentSize + TagSize : SegmentSize;

    /// <summary>Number of segments, at least 1.</summary>
    public int SegmentCount => checked((int)((PlainLength + SegmentSize - 1) / SegmentSize));

    /// <summary>Stored bytes of all segments together: where the hash list starts.</summary>
    public long BodyLength => PlainLength + (Encrypted ? (long)SegmentCount * TagSize : 0);

    /// <summary>The hash list's place in the stored part.</summary>
    public ByteRange HashList => new(BodyLength, (long)SegmentCount * HashSize);

    /// <summary>Bytes of the part's file.</summary>
    public long StoredLength => BodyLength + HashList.Length;

    /// <summary>The plain bytes of a segment, within the part's plain bytes.</summary>
    public ByteRange PlainSegment(int index)
    {
        var offset = (long)index * SegmentSize;
        return new(offset, Math.Min(SegmentSize, PlainLength - offset));
    }

    /// <summary>A segment's place in the stored part.</summary>
    public ByteRange StoredSegment(int index) =>
        new((long)index * StoredSegmentSize, PlainSegment(index).Length + (Encrypted ? TagSize : 0));

    /// <summary>The segment that holds a plain byte of the part.</summary>
    public static int SegmentAt(long plainOffset) => (int)(plainOffset / SegmentSize);

    /// <summary>Whether a segment is the part's last.</summary>
    public bool IsLast(int index) => index == SegmentCount - 1;

    /// <summary>
    /// The layout of a part of which only the stored length is known, as it is to a server that may not open the header.
    /// False when no part can have that length.
    /// </summary>
    public static bool TryFromStoredLength(long storedLength, bool encrypted, out PartLayout layout)
    {
        layout = default;
        if (storedLength > MaxStoredLength) return false;
        var full = (encrypted ? SegmentSize + TagSize : SegmentSize) + HashSize;
        var overhead = (encrypted ? TagSize : 0) + HashSize;
        if (storedLength <= overhead) return false;
        var count = (storedLength + full - 1) / full;
        var plain = storedLength - (count * overhead);
        if (plain <= (count - 1) * SegmentSize) return false;
        if (plain > MaxPlainLength) return false;
        layout = new(plain, encrypted);
        return true;
    }
}
