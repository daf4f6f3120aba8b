using System.Collections.Immutable;

namespace Scdn.Format;

/// <summary>A frame of the main stream that can be decoded without those before it, and what a seek to it reads.</summary>
/// <param name="Time">When it is shown, from the content's start.</param>
/// <param name="Offset">Where its packet starts in the original.</param>
/// <param name="Ranges">
/// The bytes of the original that hold the packets of every stream that stand there, up to the first picture and sound of each: in any order, usually one range. Empty when nobody looked.
/// </param>
public readonly record struct KeyFrame(TimeSpan Time, long Offset, ImmutableArray<ByteRange> Ranges)
{
    /// <summary>A key frame of which only the place is known.</summary>
    public KeyFrame(TimeSpan time, long offset)
        : this(time, offset, [])
    {
    }

    /// <summary>Equal when all is, the ranges one by one.</summary>
    public bool Equals(KeyFrame other) => Time == other.Time && Offset == other.Offset && Ranges.AsSpan().SequenceEqual(other.Ranges.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Time, Offset, Ranges.Length);
}
