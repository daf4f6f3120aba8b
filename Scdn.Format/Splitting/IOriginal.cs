using System.Collections.Immutable;

namespace Scdn.Format;

/// <summary>What is split: a file, or a content that lies in parts already.</summary>
internal interface IOriginal
{
    /// <summary>For messages.</summary>
    string Name { get; }

    /// <summary>Bytes.</summary>
    long Length { get; }

    /// <summary>The same for the same bytes at the same place: what was begun of them can be gone on with.</summary>
    byte[] Identity { get; }

    /// <summary>Reads at any place, for several callers at once.</summary>
    ValueTask ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);

    /// <summary>Throws when what was read, and has this hash, is not what it should be.</summary>
    void RequireIntact(ImmutableArray<byte> sha256);
}
