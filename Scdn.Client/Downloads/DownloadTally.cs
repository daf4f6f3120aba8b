namespace Scdn.Client.Downloads;

/// <summary>Counts the bytes of a download. Thread-safe.</summary>
/// <param name="all">All there are.</param>
/// <param name="progress">Told of each change; null when nobody asks.</param>
internal sealed class DownloadTally(long all, IProgress<DownloadProgress>? progress)
{
    private long _here;
    private long _before;

    /// <summary>All there are.</summary>
    public long All => all;

    /// <summary>Bytes were here before.</summary>
    public void Found(long bytes)
    {
        Interlocked.Add(ref _before, bytes);
        Came(bytes);
    }

    /// <summary>Bytes were fetched; below 0, they have to be fetched again.</summary>
    public void Came(long bytes) => progress?.Report(new(Interlocked.Add(ref _here, bytes), all, Interlocked.Read(ref _before)));
}

/// <summary>How far a download is.</summary>
/// <param name="Here">Bytes that are here.</param>
/// <param name="All">All there are.</param>
/// <param name="Before">Of those that are here, those that an earlier run had fetched.</param>
public readonly record struct DownloadProgress(long Here, long All, long Before);
