namespace Scdn.Host.Data.Statistics;

/// <summary>How counts are added to rows that are there, in the words of both engines.</summary>
internal static class UsageSql
{
    public const string AddToUsage =
        """
        ON CONFLICT (kind, span, start, key) DO UPDATE SET
            requests = usage.requests + excluded.requests, bytes = usage.bytes + excluded.bytes, errors = usage.errors + excluded.errors, plays = usage.plays + excluded.plays,
            stalls = usage.stalls + excluded.stalls, stall_ms = usage.stall_ms + excluded.stall_ms, failovers = usage.failovers + excluded.failovers,
            sessions = CASE WHEN excluded.sessions > usage.sessions THEN excluded.sessions ELSE usage.sessions END
        """;

    public const string AddToHourly =
        """
        ON CONFLICT (hour, content, server, account) DO UPDATE SET
            requests = hourly.requests + excluded.requests, bytes = hourly.bytes + excluded.bytes, errors = hourly.errors + excluded.errors, plays = hourly.plays + excluded.plays,
            stalls = hourly.stalls + excluded.stalls, stall_ms = hourly.stall_ms + excluded.stall_ms, failovers = hourly.failovers + excluded.failovers
        """;

    public const string AddToStarts = "ON CONFLICT (kind, span, start, key, milliseconds) DO UPDATE SET plays = starts.plays + excluded.plays";
}
