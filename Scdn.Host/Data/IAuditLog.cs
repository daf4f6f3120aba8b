using Scdn.Format.Wire;

namespace Scdn.Host.Data;

/// <summary>What operators did. An act is noted before it is done, and what came of it after: one that a crash cut short stands there without an end.</summary>
internal interface IAuditLog
{
    /// <summary>Notes an act that is about to be done; on disk when this returns.</summary>
    /// <exception cref="StoreException">It can't be noted, and so must not be done.</exception>
    Task BeginAsync(AuditEntry entry, CancellationToken cancel);

    /// <summary>Notes what came of it.</summary>
    /// <param name="id">The entry's id.</param>
    /// <param name="status">The HTTP status of the answer.</param>
    /// <param name="subject">What it was about, where the address does not say; null: nothing to add.</param>
    /// <param name="cancel">Gives up.</param>
    Task EndAsync(Guid id, int status, string? subject, CancellationToken cancel);

    /// <summary>The newest entries, the newest first.</summary>
    /// <param name="before">Only those before this one; null: from the newest on.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancel">Gives up.</param>
    Task<IReadOnlyList<AuditEntry>> ListAsync(Guid? before, int limit, CancellationToken cancel);
}
