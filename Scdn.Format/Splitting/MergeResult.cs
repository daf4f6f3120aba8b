using System.Collections.Immutable;

namespace Scdn.Format;

/// <summary>How far a merger is.</summary>
/// <param name="Done">Bytes of the original that are written and checked.</param>
/// <param name="Total">Bytes of the original.</param>
public readonly record struct MergeProgress(long Done, long Total)
{
    /// <summary>Bytes among <see cref="Done"/> that an earlier run wrote.</summary>
    public long Kept { get; init; }

    /// <summary>Bytes that were read back at the end, because not all of them were written in this run; 0 before.</summary>
    public long ReadBack { get; init; }
}

/// <summary>What merging made: the original, bit for bit.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Sha256">Its SHA-256, 32 bytes, as computed while merging.</param>
/// <param name="KeptBytes">How many of its bytes an earlier run had restored.</param>
public sealed record MergeResult(string Path, long Length, ImmutableArray<byte> Sha256, long KeptBytes);
