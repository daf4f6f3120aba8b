using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>The two hashes that bind a part to its header: of a stored segment, and of the list of those.</summary>
public static class SegmentHashes
{
    /// <summary>Writes the SHA-256 of a stored segment (with its tag, when encrypted).</summary>
    /// <param name="stored">The segment as stored.</param>
    /// <param name="hash"><see cref="PartLayout.HashSize"/> bytes.</param>
    public static void HashSegment(ReadOnlySpan<byte> stored, Span<byte> hash) => SHA256.HashData(stored, hash);

    /// <summary>A part's root: the SHA-256 of its hash list.</summary>
    public static ImmutableArray<byte> Root(ReadOnlySpan<byte> hashList) => ImmutableCollectionsMarshal.AsImmutableArray(SHA256.HashData(hashList));
}
