using System.Numerics;

namespace Scdn.Client.Storing;

/// <summary>Some of a part's segments: a bit for each, the first in the lowest bit of the first byte. Not thread-safe.</summary>
internal sealed class SegmentBits(byte[] bytes)
{
    /// <summary>None of so many segments.</summary>
    public SegmentBits(int segments)
        : this(new byte[Length(segments)])
    {
    }

    public byte[] Bytes => bytes;

    public bool IsEmpty => !bytes.AsSpan().ContainsAnyExcept((byte)0);

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var one in bytes) count += BitOperations.PopCount(one);
            return count;
        }
    }

    public bool this[int segment]
    {
        get => (bytes[segment / 8] & (1 << (segment % 8))) != 0;
        set
        {
            if (value) bytes[segment / 8] |= (byte)(1 << (segment % 8));
            else bytes[segment / 8] &= (byte)~(1 << (segment % 8));
        }
    }

    /// <summary>Bytes that the bits of so many segments take.</summary>
    public static int Length(int segments) => (segments + 7) / 8;

    public SegmentBits Copy() => new([.. bytes]);

    public void Add(SegmentBits others)
    {
        for (var i = 0; i < bytes.Length; i++) bytes[i] |= others.Bytes[i];
    }

    public void Remove(SegmentBits others)
    {
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= (byte)~others.Bytes[i];
    }
}
