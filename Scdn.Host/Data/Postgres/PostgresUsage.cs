using Npgsql;
using Scdn.Host.Data.Statistics;
using static Scdn.Host.Data.Postgres.PostgresCommands;

namespace Scdn.Host.Data.Postgres;

/// <summary>Adds to the statistics in PostgreSQL, each table by one statement in the order of its keys, so that two hosts don't wait for each other crosswise.</summary>
internal static class PostgresUsage
{
    private const string UsageStatement =
        $"INSERT INTO usage(kind, span, start, key, requests, bytes, errors, plays, sessions, stalls, stall_ms, failovers) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) {UsageSql.AddToUsage}";

    private const string HourlyStatement =
        $"INSERT INTO hourly(hour, content, server, account, requests, bytes, errors, plays, stalls, stall_ms, failovers) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) {UsageSql.AddToHourly}";

    private const string StartsStatement = $"INSERT INTO starts(kind, span, start, key, milliseconds, plays) SELECT * FROM unnest($1, $2, $3, $4, $5, $6) {UsageSql.AddToStarts}";

    private const string PresenceStatement =
        """
        WITH fresh AS (INSERT INTO presence(minute, kind, key, session) SELECT * FROM unnest($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING minute, kind, key)
        INSERT INTO minutes(minute, kind, key, sessions) SELECT minute, kind, key, count(*) FROM fresh GROUP BY minute, kind, key ORDER BY minute, kind, key
        ON CONFLICT (minute, kind, key) DO UPDATE SET sessions = minutes.sessions + excluded.sessions RETURNING minute, kind, key, sessions
        """;

    public static async Task AddAsync(NpgsqlConnection connection, UsageTally tally, CancellationToken cancel)
    {
        var (hourly, usage) = (tally.Hourly.ToArray(), tally.Usage.ToArray());
        await connection.ExecuteAsync(
            HourlyStatement,
            [
                Column(hourly, row => row.Key.Hour), Column(hourly, row => row.Key.Content), Column(hourly, row => row.Key.Server), Column(hourly, row => row.Key.User),
                Column(hourly, row => row.Value.Requests), Column(hourly, row => row.Value.Bytes), Column(hourly, row => row.Value.Errors), Column(hourly, row => row.Value.Plays),
                Column(hourly, row => row.Value.Stalls), Column(hourly, row => row.Value.StallMs), Column(hourly, row => row.Value.Failovers),
            ],
            cancel);
        // Last, for it has the rows that everybody adds to.
        await connection.ExecuteAsync(
            UsageStatement,
            [
                Column(usage, row => row.Key.Kind), Column(usage, row => row.Key.Span), Column(usage, row => row.Key.Start), Column(usage, row => row.Key.Key),
                Column(usage, row => row.Value.Requests), Column(usage, row => row.Value.Bytes), Column(usage, row => row.Value.Errors), Column(usage, row => row.Value.Plays), Column(usage, row => row.Value.Sessions),
                Column(usage, row => row.Value.Stalls), Column(usage, row => row.Value.StallMs), Column(usage, row => row.Value.Failovers),
            ],
            cancel);
        if (tally.Starts.ToArray() is not { Length: > 0 } starts) return;
        await connection.ExecuteAsync(
            StartsStatement,
            [
                Column(starts, row => row.Key.Kind), Column(starts, row => row.Key.Span), Column(starts, row => row.Key.Start), Column(starts, row => row.Key.Key), Column(starts, row => row.Key.Milliseconds), Column(starts, row => row.Value),
            ],
            cancel);
    }

    /// <summary>Notes who was served when, and tells the tally how many that makes in each minute.</summary>
    public static async Task AddPresenceAsync(NpgsqlConnection connection, IReadOnlyList<Presence> presence, UsageTally tally, CancellationToken cancel)
    {
        var rows = presence.ToArray();
        var minutes = await connection.QueryAsync(
            PresenceStatement,
            [Column(rows, one => one.Minute), Column(rows, one => one.Kind), Column(rows, one => one.Key), Column(rows, one => one.Session)],
            reader => (reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)),
            cancel);
        foreach (var (minute, kind, key, sessions) in minutes) tally.AddSessions(minute, kind, key, sessions);
    }
}
