using System.Collections.Immutable;

namespace Scdn.Format;

/// <summary>A part as everybody sees it: enough to copy and check it, not to order or to name it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="StoredLength">Bytes of its file; always a length that <see cref="PartLayout.TryFromStoredLength"/> accepts.</param>
/// <param name="Encrypted">Whether its segments are sealed.</param>
/// <param name="Root">The SHA-256 of its hash list, 32 bytes.</param>
public sealed record PublicPart(PartId Id, long StoredLength, bool Encrypted, ImmutableArray<byte> Root)
{
    /// <summary>Where everything is in the stored part.</summary>
    public PartLayout Layout => PartLayout.TryFromStoredLength(StoredLength, Encrypted, out var layout)
        ? layout
        : throw new InvalidOperationException($"No part has {StoredLength} stored bytes.");
}
