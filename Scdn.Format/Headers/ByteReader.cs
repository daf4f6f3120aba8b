using System.Buffers.Binary;

namespace Scdn.Format;

/// <summary>Reads a header's fields one after the other and never past the end: what is missing is a <see cref="HeaderException"/>.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, HeaderFault onEnd = HeaderFault.Damaged)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public ReadOnlySpan<byte> Bytes(int count, string what)
    {
        if (count < 0 || count > Remaining) throw HeaderException.Undetected(onEnd, $"it ends in the middle of {what}");
        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    public byte U8(string what) => Bytes(1, what)[0];

    public ushort U16(string what) => BinaryPrimitives.ReadUInt16BigEndian(Bytes(2, what));

    public uint U32(string what) => BinaryPrimitives.ReadUInt32BigEndian(Bytes(4, what));

    /// <summary>A u64 that must fit into 63 bits, as every length and offset does.</summary>
    public long Length(string what)
    {
        var value = BinaryPrimitives.ReadUInt64BigEndian(Bytes(8, what));
        return value <= long.MaxValue ? (long)value : throw HeaderException.Damaged($"{what} is impossibly large");
    }

    public Guid Uuid(string what) => new(Bytes(16, what), bigEndian: true);

    /// <summary>An unsigned LEB128 number of at most 63 bits, in its shortest form.</summary>
    public long Varint(string what)
    {
        long value = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var next = U8(what);
            value |= (long)(next & 0x7F) << shift;
            if (next >= 0x80) continue;
            if (next == 0 && shift > 0) throw HeaderException.Damaged($"{what} is not in its shortest form");
            return value;
        }

        throw HeaderException.Damaged($"{what} is impossibly large");
    }

    /// <summary>A signed number, zigzag over <see cref="Varint"/>.</summary>
    public long SignedVarint(string what)
    {
        var value = Varint(what);
        return (value >> 1) ^ -(value & 1);
    }

    /// <summary>A count of things of at least <paramref name="leastSize"/> bytes each, which must be there: nothing is allocated on a number's word alone.</summary>
    public int Count(long count, int leastSize, string what, int most = HeaderFormat.MaxItems) =>
        count <= Math.Min(Remaining / leastSize, most) ? (int)count : throw HeaderException.Damaged($"it promises {count} {what}, more than there is room for");

    public readonly void End(string what)
    {
        if (Remaining != 0) throw HeaderException.Damaged($"{Remaining} bytes too many stand in {what}");
    }
}
