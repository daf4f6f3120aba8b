using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;

namespace Scdn.Host.Data;

/// <summary>
/// Connection records and plays with their statistics, beside the grains in the same store. A record or play is known by its id, so that what comes twice is kept and counted once; its
/// counters move in the same transaction.
/// </summary>
internal interface IRecordStore
{
    /// <summary>Keeps records; granted when they are on disk.</summary>
    Task<Outcome<Done>> AddAsync(IReadOnlyList<ConnectionRecord> records, CancellationToken cancel);

    /// <summary>Counts a play of a content, once for each play id of it in a session; granted when it is on disk.</summary>
    Task<Outcome<Done>> AddPlayAsync(SessionId session, Guid play, ContentId content, CancellationToken cancel);

    /// <summary>The newest records, the newest first.</summary>
    Task<IReadOnlyList<ConnectionRecord>> NewestAsync(int limit, CancellationToken cancel);

    /// <summary>What was counted for each content.</summary>
    Task<IReadOnlyList<ContentCounters>> ContentCountersAsync(CancellationToken cancel);

    /// <summary>What was counted for each content server.</summary>
    Task<IReadOnlyList<ServerCounters>> ServerCountersAsync(CancellationToken cancel);
}

/// <summary>What was counted for a content since the beginning.</summary>
internal sealed record ContentCounters(ContentId Content, long Plays, long Requests, long Bytes);

/// <summary>What was counted for a content server since the beginning; errors are requests that were refused or failed (status 400 and above).</summary>
internal sealed record ServerCounters(ServerId Server, long Requests, long Bytes, long Errors);
