using Scdn.Format;

namespace Scdn.Host.Data;

/// <summary>
/// The headers of what is published, by content, version and hash. They are beside the grains, not in them: the feed tells every follower the whole state of every grain, and a header may have 64 MiB.
/// </summary>
internal interface IHeaderStore
{
    /// <summary>Keeps a header; one that is kept stays as it is, with its time.</summary>
    /// <exception cref="StoreException">It is not kept.</exception>
    Task KeepAsync(KeptHeader header, ReadOnlyMemory<byte> file, CancellationToken cancel);

    /// <summary>What is kept, by content and version.</summary>
    /// <param name="content">Of which content; null: of all.</param>
    /// <param name="cancel">Gives up.</param>
    Task<IReadOnlyList<KeptHeader>> ListAsync(ContentId? content, CancellationToken cancel);

    /// <summary>The header as its publisher signed it; null when it is not kept.</summary>
    Task<byte[]?> LoadAsync(KeptHeader header, CancellationToken cancel);

    /// <summary>Keeps it no longer.</summary>
    Task RemoveAsync(KeptHeader header, CancellationToken cancel);
}

/// <summary>A header that is kept.</summary>
/// <param name="Content">Of which content.</param>
/// <param name="Version">In which version.</param>
/// <param name="Hash">Its SHA-256 in hexadecimal digits.</param>
/// <param name="At">Since when.</param>
internal readonly record struct KeptHeader(ContentId Content, int Version, string Hash, DateTimeOffset At);
