using System.Collections.Immutable;

namespace Scdn.Format;

/// <summary>What a header says only to those who hold the content key (or to all, when nothing is protected): how the parts make up the original.</summary>
public sealed record Manifest
{
    /// <summary>The content's title, for people.</summary>
    public required string Title { get; init; }

    /// <summary>The media type (RFC 6838) under which the original is served, such as <c>video/mp4</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>The container in FFmpeg's words, such as <c>mov,mp4,m4a,3gp,3g2,mj2</c>; <c>binary</c> when nobody looked.</summary>
    public required string Container { get; init; }

    /// <summary>Bytes of the original.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256 of the original, 32 bytes.</summary>
    public required ImmutableArray<byte> Sha256 { get; init; }

    /// <summary>Playing time; zero when it is not known.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>All parts: head parts in the order in which a demuxer asks for them, then data parts in the original's order. Their extents tile the original.</summary>
    public required ImmutableArray<ManifestPart> Parts { get; init; }

    /// <summary>Where key frames are, and which bytes a seek to each reads; empty when nobody looked or there are none.</summary>
    public ImmutableArray<KeyFrame> KeyFrames { get; init; } = [];

    /// <summary>How a player seeks without searching; null when a demuxer finds a key frame with the head and the frame's own ranges.</summary>
    public SeekView? View { get; init; }

    /// <summary>What the publisher's tools could not find out about this file, for people; null when there is nothing to say.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// The plain bytes of the first head parts, as many whole parts as fit: opening needs no further trip. Their extents are those of
    /// <see cref="Parts"/>, in order. Empty when there is no small head.
    /// </summary>
    public ImmutableArray<byte> InlineHead { get; init; } = [];
}

/// <summary>One part as the manifest sees it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Kind">Head or data.</param>
/// <param name="Encrypted">Whether its segments are sealed.</param>
/// <param name="Extents">The bytes of the original that it carries, in the order in which they are stored.</param>
public sealed record ManifestPart(PartId Id, PartKind Kind, bool Encrypted, ImmutableArray<ByteRange> Extents)
{
    /// <summary>Bytes of the original that the part carries.</summary>
    public long Length { get; } = Extents.Sum(extent => extent.Length);

    /// <summary>The part's layout as stored.</summary>
    public PartLayout Layout => new(Length, Encrypted);
}

/// <summary>What a part is for.</summary>
public enum PartKind
{
    /// <summary>Bytes that a demuxer reads before it can play.</summary>
    Head = 0,

    /// <summary>All other bytes.</summary>
    Data = 1,
}
