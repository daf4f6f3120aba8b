namespace Scdn.Media.Decoding.Nut;

/// <summary>The numbers and blocks of a header that was read whole (NUT specification, "Type definitions").</summary>
internal sealed class NutFields(ReadOnlyMemory<byte> bytes)
{
    private int _at;

    /// <summary>Whether all was read.</summary>
    public bool IsAtEnd => _at >= bytes.Length;

    /// <summary>A number of seven bits a byte, the highest first.</summary>
    public ulong Unsigned()
    {
        var value = 0UL;
        while (true)
        {
            if (IsAtEnd) throw NutHeaders.Unreadable("breaks off in a header");
            var next = bytes.Span[_at++];
            if (value >> 57 != 0) throw NutHeaders.Unreadable("holds a number that is too large");
            value = (value << 7) | (uint)(next & 0x7F);
            if (next < 0x80) return value;
        }
    }

    /// <summary>A number with a sign, which is its lowest bit.</summary>
    public long Signed()
    {
        var value = (long)Unsigned() + 1;
        return (value & 1) != 0 ? -(value >> 1) : value >> 1;
    }

    /// <summary>A number from 1 to what a product of two can hold.</summary>
    public long Positive() => Unsigned() is > 0 and <= int.MaxValue and var value ? (long)value : throw NutHeaders.Unreadable("holds a number that makes no sense");

    /// <summary>How many of something there are.</summary>
    public int Count(int most, string what, int atLeast = 1) =>
        Unsigned() is var value && value >= (ulong)atLeast && value <= (ulong)most ? (int)value : throw NutHeaders.Unreadable($"says that it has {value} {what}");

    /// <summary>Bytes, with their number before them.</summary>
    public ReadOnlySpan<byte> Block(int most)
    {
        var length = Unsigned();
        if (length > (ulong)most || length > (ulong)(bytes.Length - _at)) throw NutHeaders.Unreadable("breaks off in a header");
        _at += (int)length;
        return bytes.Span[(_at - (int)length).._at];
    }
}
