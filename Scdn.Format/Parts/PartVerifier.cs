using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>Checks stored segments of one part, in any order, by a hash list that was itself checked against the header. Thread-safe.</summary>
public sealed class PartVerifier
{
    private readonly ReadOnlyMemory<byte> _hashList;

    private PartVerifier(PublicPart part, ReadOnlyMemory<byte> hashList)
    {
        Part = part;
        Layout = part.Layout;
        _hashList = hashList;
    }

    /// <summary>The part.</summary>
    public PublicPart Part { get; }

    /// <summary>The part's layout.</summary>
    public PartLayout Layout { get; }

    /// <summary>Accepts a hash list when it is the one that the header's root was made of.</summary>
    /// <param name="part">The part, as its header names it.</param>
    /// <param name="hashList">The bytes at <see cref="PartLayout.HashList"/>; kept, so they must not change.</param>
    /// <param name="verifier">Checks segments by the list.</param>
    public static bool TryCreate(PublicPart part, ReadOnlyMemory<byte> hashList, [NotNullWhen(true)] out PartVerifier? verifier)
    {
        Span<byte> root = stackalloc byte[PartLayout.HashSize];
        verifier = null;
        if (hashList.Length != part.Layout.HashList.Length) return false;
        SHA256.HashData(hashList.Span, root);
        if (!root.SequenceEqual(part.Root.AsSpan())) return false;
        verifier = new(part, hashList);
        return true;
    }

    /// <summary>Whether these are the published bytes of a stored segment.</summary>
    public bool IsIntact(int segment, ReadOnlySpan<byte> stored)
    {
        if (stored.Length != Layout.StoredSegment(segment).Length) return false;
        Span<byte> hash = stackalloc byte[PartLayout.HashSize];
        SegmentHashes.HashSegment(stored, hash);
        return hash.SequenceEqual(_hashList.Span.Slice(segment * PartLayout.HashSize, PartLayout.HashSize));
    }
}
