using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Sessions;

namespace Scdn.Host.Data;

/// <summary>
/// Connection records and plays with what is counted from them, beside the grains in the same store. A record or play is known by its id, so that what comes twice is kept and counted once; what is counted
/// from records moves in the same transaction, so that nobody who asks for it ever reads records.
/// </summary>
internal interface IRecordStore
{
    /// <summary>Keeps and counts records; granted when they are on disk. Those from before the horizon of what was pruned are not: nobody could tell any more whether they came before.</summary>
    Task<Outcome<LateRecords>> AddAsync(IReadOnlyList<FreshRecord> records, CancellationToken cancel);

    /// <summary>Takes a play of a content, once for each play id of it in a session; granted when it is on disk. It only adds rows: many at a time don't wait for one another.</summary>
    Task<Outcome<Done>> AddPlayAsync(SessionId session, Guid play, ContentId content, string user, CancellationToken cancel);

    /// <summary>
    /// Keeps what a player tells of a play in place of what it told before, also in what is counted, in the hour in which the play began; granted when it is on disk. What is older than what is kept already changes nothing. <see cref="RefusalKind.NotFound"/> when the session
    /// has no such play.
    /// </summary>
    Task<Outcome<Done>> AddReportAsync(FreshReport report, CancellationToken cancel);

    /// <summary>Counts the plays that were taken since, each once, whoever else does so at the same time.</summary>
    /// <exception cref="StoreException">It can't be done now.</exception>
    Task CountPlaysAsync(CancellationToken cancel);

    /// <summary>Deletes what has been kept for long enough, in small pages, so that others need not wait for long.</summary>
    /// <exception cref="StoreException">It can't be done now.</exception>
    Task PruneAsync(RecordRetention keep, CancellationToken cancel);
}

/// <summary>A record as it comes in.</summary>
/// <param name="Record">What the content server says.</param>
/// <param name="User">The user behind its key; empty: no such key is known.</param>
/// <param name="Session">The session behind its key; null: it has none.</param>
internal sealed record FreshRecord(ConnectionRecord Record, string User, SessionId? Session);

/// <summary>What a player tells, as it comes in.</summary>
/// <param name="Session">In which session it plays.</param>
/// <param name="User">Whose session that is.</param>
/// <param name="Report">What it tells.</param>
internal sealed record FreshReport(SessionId Session, string User, PlayReport Report);

/// <summary>How many of the records were from before the horizon.</summary>
internal sealed record LateRecords(int Count);

/// <summary>For how long what comes in is kept.</summary>
/// <param name="Records">Records, since the answer that they tell of.</param>
internal sealed record RecordRetention(TimeSpan Records)
{
    /// <summary>Plays: no session lasts for so long, so that no play of it can be told a second time.</summary>
    public static TimeSpan Plays { get; } = 2 * SessionGrain.MaxLifetime;

    /// <summary>What players told, since they last did: as long as records, but not shorter than the play that it is of, so that nothing of it is counted twice.</summary>
    public TimeSpan Reports => Records > Plays ? Records : Plays;

    /// <summary>What was counted in single hours, two years; what was counted in days and in all stays.</summary>
    public static TimeSpan Hours { get; } = TimeSpan.FromDays(731);
}
