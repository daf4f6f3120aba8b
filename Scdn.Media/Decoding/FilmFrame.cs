using System.Buffers;

namespace Scdn.Media.Decoding;

/// <summary>Something decoded, to be shown or heard at a time. Whoever gets it disposes of it.</summary>
/// <param name="Time">When, in the content's time.</param>
public abstract record FilmFrame(TimeSpan Time) : IDisposable
{
    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>A picture.</summary>
/// <param name="Time">When it is shown, in the content's time.</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="Owner">Who owns the pixels.</param>
public sealed record PictureFrame(TimeSpan Time, int Width, int Height, IMemoryOwner<byte> Owner) : FilmFrame(Time)
{
    /// <summary>Red, green and blue of each pixel, a byte each; from left to right, then from top to bottom.</summary>
    public ReadOnlyMemory<byte> Pixels => Owner.Memory[..(Width * Height * 3)];

    /// <inheritdoc/>
    public override void Dispose() => Owner.Dispose();
}

/// <summary>A little sound.</summary>
/// <param name="Time">When its first sample is heard, in the content's time.</param>
/// <param name="Owner">Who owns the samples.</param>
/// <param name="Length">Bytes of samples.</param>
public sealed record SoundFrame(TimeSpan Time, IMemoryOwner<byte> Owner, int Length) : FilmFrame(Time)
{
    /// <summary>Samples a second.</summary>
    public const int Rate = 48_000;

    /// <summary>Bytes of left and right at one time.</summary>
    public const int BytesEach = 4;

    /// <summary>Left and right in turn, 16 bits each with a sign, the low byte first.</summary>
    public ReadOnlyMemory<byte> Samples => Owner.Memory[..Length];

    /// <inheritdoc/>
    public override void Dispose() => Owner.Dispose();
}
