namespace Scdn.Media.Tracing;

/// <summary>When a trace is given up. Some files have no index and are read on and on.</summary>
public sealed record TraceLimits
{
    /// <summary>Most bytes read for opening. Default 32 MiB: the index of a film of several hours is 10 MB.</summary>
    public long OpeningBytes { get; init; } = 32L << 20;

    /// <summary>Most bytes read for one seek, the opening included. The sum of the two others; a file that is read from its start to the target reaches it.</summary>
    public long SeekingTotalBytes => OpeningBytes + SeekingBytes;

    /// <summary>Most bytes that a seek may read besides. Default 4 MiB.</summary>
    public long SeekingBytes { get; init; } = 4L << 20;

    /// <summary>Most bytes that are kept of an opening that was given up: it starts at the front, but goes on who knows where. Default 1 MiB.</summary>
    public long StoppedBytes { get; init; } = 1L << 20;

    /// <summary>Most time for opening and seeks together, which are traced at once. Default 10 seconds; below 1 is usual, thousands of fragments take 3.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(10);
}
