using System.Collections.Immutable;
using Scdn.Format;

namespace Scdn.Media.Tracing;

/// <summary>The bytes of a file that a demuxer reads before it can play.</summary>
public sealed record HeadTrace
{
    /// <summary>Read to open the file, up to the first decoded frame of every stream, in the order of demand.</summary>
    public required ImmutableArray<ByteRange> Opening { get; init; }

    /// <summary>Read besides for a seek wherever it goes: cues, an index. In the order of demand; empty when there is none.</summary>
    public required ImmutableArray<ByteRange> Seeking { get; init; }

    /// <summary>Whether a frame of every stream was decoded. Files that are damaged, or hold a stream that FFmpeg can't decode, are played as far as they go.</summary>
    public required bool Decoded { get; init; }

    /// <summary>Whether a frame of any stream was decoded. When not, and <see cref="OpeningStopped"/> is null, there is nothing in the file that can be played.</summary>
    public required bool AnyFrame { get; init; }

    /// <summary>Why the opening's trace was stopped before its end; null when it wasn't. What it began with is in <see cref="Opening"/>.</summary>
    public string? OpeningStopped { get; init; }

    /// <summary>Why nothing is known about seeks; null when the traces of both seeks came to their end.</summary>
    public string? SeekingStopped { get; init; }

    /// <summary>All of it, in the order of demand.</summary>
    public ImmutableArray<ByteRange> Head => [.. Opening, .. Seeking];
}
