using Scdn.Host.Data.Statistics;

namespace Scdn.Host.Data.Upkeep;

/// <summary>What must hold of the statistics: whatever was counted was counted for its content and for its server, and for all together.</summary>
internal static class CountedOnce
{
    /// <summary>What it means when it does not hold.</summary>
    public const string Fault = "The statistics do not add up: what was counted by content or by server is not what was counted in all.";

    /// <summary>Gives 1 when it does not hold, else 0.</summary>
    public static string Check { get; } =
        $"""
        SELECT CASE WHEN {Differs("requests", UsageKind.Content)} OR {Differs("requests", UsageKind.Server)} OR {Differs("bytes", UsageKind.Content)} OR {Differs("bytes", UsageKind.Server)} OR {Differs("plays", UsageKind.Content)}
        THEN CAST(1 AS bigint) ELSE 0 END FROM usage WHERE span = '{Span.Ever}'
        """;

    private static string Differs(string count, string kind) => $"sum(CASE kind WHEN '{UsageKind.All}' THEN {count} WHEN '{kind}' THEN -{count} ELSE 0 END) <> 0";
}
