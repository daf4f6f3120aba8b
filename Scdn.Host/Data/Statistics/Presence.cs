namespace Scdn.Host.Data.Statistics;

/// <summary>A session was served in a minute: at least one answer to it was under way then.</summary>
/// <param name="Minute">The minute's beginning.</param>
/// <param name="Kind">Of what it is counted.</param>
/// <param name="Key">Of which of them; empty for all.</param>
/// <param name="Session">The session.</param>
internal readonly record struct Presence(long Minute, string Kind, string Key, string Session)
{
    /// <summary>A longer answer counts in its last hour: a server that says that it took for ever must not fill the store.</summary>
    private const long MaxAnswer = Span.HourLength;

    /// <summary>Each once, in one order for all hosts, so that they don't wait for each other crosswise.</summary>
    public static IReadOnlyList<Presence> Of(IEnumerable<FreshRecord> records) =>
    [
        .. records.SelectMany(Of).Distinct().OrderBy(one => one.Minute).ThenBy(one => one.Kind, StringComparer.Ordinal).ThenBy(one => one.Key, StringComparer.Ordinal).ThenBy(one => one.Session, StringComparer.Ordinal),
    ];

    private static IEnumerable<Presence> Of(FreshRecord fresh)
    {
        if (fresh.Session?.ToString() is not { } session || fresh.Record.Content?.ToString() is not { } content) yield break;
        var record = fresh.Record;
        var end = record.At.ToUnixTimeMilliseconds();
        var begin = Math.Max(0, end - Math.Min(record.Milliseconds, MaxAnswer));
        for (var minute = Span.Begin(begin, Span.MinuteLength); minute <= end; minute += Span.MinuteLength)
        {
            yield return new(minute, UsageKind.All, "", session);
            yield return new(minute, UsageKind.Content, content, session);
            yield return new(minute, UsageKind.Server, record.Server.ToString(), session);
            yield return new(minute, UsageKind.User, fresh.User, session);
        }
    }
}
