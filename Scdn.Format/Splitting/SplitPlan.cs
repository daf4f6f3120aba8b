using System.Collections.Immutable;

namespace Scdn.Format;

/// <summary>What is known about a file before it is split. Only the head's place matters to the bytes; the rest is written down for players.</summary>
public sealed record SplitPlan
{
    /// <summary>The container of a file that nobody looked into.</summary>
    public const string BinaryContainer = "binary";

    /// <summary>The content's title. Control characters become spaces, what is longer than a header takes is cut.</summary>
    public required string Title { get; init; }

    /// <summary>The media type (RFC 6838).</summary>
    public required string MediaType { get; init; }

    /// <summary>The container in FFmpeg's words, or <see cref="BinaryContainer"/>.</summary>
    public required string Container { get; init; }

    /// <summary>Playing time; zero when it is not known.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What a demuxer reads before it can play, in the order in which it asks. May overlap and reach beyond the file: it is arranged when splitting.</summary>
    public ImmutableArray<ByteRange> HeadExtents { get; init; } = [];

    /// <summary>Finds out about seeking while the parts are written; the header waits for it, and a split that ends early cancels it. Key frames outside of the file are left out.</summary>
    public Func<CancellationToken, Task<SeekIndex>> FindIndex { get; init; } = _ => Task.FromResult(SeekIndex.None);

    /// <summary>The plan for a file that nobody looked into: no head, all data.</summary>
    public static SplitPlan Binary(string title) => new() { Title = title, MediaType = "application/octet-stream", Container = BinaryContainer };
}
