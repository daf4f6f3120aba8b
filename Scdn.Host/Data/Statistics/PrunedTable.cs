namespace Scdn.Host.Data.Statistics;

/// <summary>A table of which old rows are deleted, a page at a time.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Keys">The columns of its primary key.</param>
/// <param name="Old">Which rows are old; <c>$1</c>: before when.</param>
internal sealed record PrunedTable(string Name, string Keys, string Old)
{
    public const int PageSize = 1000;

    /// <summary>What goes with records: late ones count as long as these are there, by which they are known to be new.</summary>
    public static IReadOnlyList<PrunedTable> OfRecords { get; } =
        [new("records", "id", "at < $1"), new("presence", "minute, kind, key, session", "minute < $1"), new("minutes", "minute, kind, key", "minute < $1")];

    public static PrunedTable Plays { get; } = new("plays", "session, content, play", "at < $1");

    public static PrunedTable Reports { get; } = new("reports", "session, content, play", "at < $1");

    /// <summary>What was counted in single hours.</summary>
    public static IReadOnlyList<PrunedTable> OfHours { get; } =
    [
        new("usage", "kind, span, start, key", $"kind IN ('{UsageKind.All}', '{UsageKind.Content}', '{UsageKind.Server}', '{UsageKind.User}') AND span = '{Span.Hour}' AND start < $1"),
        new("hourly", "hour, content, server, account", "hour < $1"),
        new("starts", "kind, span, start, key, milliseconds", $"kind IN ('{UsageKind.All}', '{UsageKind.Content}', '{UsageKind.User}') AND span = '{Span.Hour}' AND start < $1"),
    ];
}
