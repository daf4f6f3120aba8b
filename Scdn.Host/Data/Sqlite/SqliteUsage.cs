using Scdn.Host.Data.Statistics;

namespace Scdn.Host.Data.Sqlite;

/// <summary>Adds to the statistics in SQLite.</summary>
internal static class SqliteUsage
{
    private const string UsageStatement = $"INSERT INTO usage(kind, span, start, key, requests, bytes, errors, plays, sessions, stalls, stall_ms, failovers) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) {UsageSql.AddToUsage}";
    private const string HourlyStatement = $"INSERT INTO hourly(hour, content, server, account, requests, bytes, errors, plays, stalls, stall_ms, failovers) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) {UsageSql.AddToHourly}";
    private const string StartsStatement = $"INSERT INTO starts(kind, span, start, key, milliseconds, plays) VALUES ($1, $2, $3, $4, $5, $6) {UsageSql.AddToStarts}";

    public static void Add(StoreConnection connection, UsageTally tally)
    {
        foreach (var (row, counts) in tally.Hourly) connection.Execute(HourlyStatement, row.Hour, row.Content, row.Server, row.User, counts.Requests, counts.Bytes, counts.Errors, counts.Plays, counts.Stalls, counts.StallMs, counts.Failovers);
        foreach (var (row, counts) in tally.Usage)
            connection.Execute(UsageStatement, row.Kind, row.Span, row.Start, row.Key, counts.Requests, counts.Bytes, counts.Errors, counts.Plays, counts.Sessions, counts.Stalls, counts.StallMs, counts.Failovers);
        foreach (var (row, plays) in tally.Starts) connection.Execute(StartsStatement, row.Kind, row.Span, row.Start, row.Key, row.Milliseconds, plays);
    }

    /// <summary>Notes who was served when, and tells the tally how many that makes in each minute.</summary>
    public static void AddPresence(StoreConnection connection, IEnumerable<Presence> presence, UsageTally tally)
    {
        var fresh = presence.Where(one => connection.Execute(
            "INSERT INTO presence(minute, kind, key, session) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", one.Minute, one.Kind, one.Key, one.Session) == 1);
        foreach (var group in fresh.CountBy(one => (one.Minute, one.Kind, one.Key)).ToList())
        {
            var (minute, kind, key) = group.Key;
            var sessions = connection.Scalar(
                "INSERT INTO minutes(minute, kind, key, sessions) VALUES ($1, $2, $3, $4) ON CONFLICT (minute, kind, key) DO UPDATE SET sessions = minutes.sessions + excluded.sessions RETURNING sessions",
                minute, kind, key, (long)group.Value);
            tally.AddSessions(minute, kind, key, sessions);
        }
    }
}
