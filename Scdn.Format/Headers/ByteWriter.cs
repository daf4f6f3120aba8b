using System.Buffers;
using System.Buffers.Binary;

namespace Scdn.Format;

/// <summary>Writes a header's fields one after the other; the counterpart of <see cref="ByteReader"/>.</summary>
internal sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Bytes(ReadOnlySpan<byte> value) => _bytes.Write(value);

    public void U8(byte value) => Bytes([value]);

    public void U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.GetSpan(2), value);
        _bytes.Advance(2);
    }

    public void U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
    }

    public void Length(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
    }

    public void Uuid(Guid value)
    {
        value.TryWriteBytes(_bytes.GetSpan(16), bigEndian: true, out var written);
        _bytes.Advance(written);
    }

    public void Varint(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        while (value >= 0x80)
        {
            U8((byte)(value | 0x80));
            value >>= 7;
        }

        U8((byte)value);
    }

    public void SignedVarint(long value) => Varint((value << 1) ^ (value >> 63));

    public void SectionHead(ushort type, int length)
    {
        U16(type);
        U16(HeaderFormat.CriticalFlag);
        U32((uint)length);
    }

    public void Section(ushort type, ReadOnlySpan<byte> payload)
    {
        SectionHead(type, payload.Length);
        Bytes(payload);
    }
}
