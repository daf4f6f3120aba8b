using Scdn.Format.Wire;

namespace Scdn.Cli.Output;

/// <summary>Limits as people read them.</summary>
internal static class LimitText
{
    /// <summary>Those of an account; empty: none of its own.</summary>
    public static string Of(UserLimits? limits) => Of(("streams", limits?.Streams), ("devices", limits?.Devices), ("addresses", limits?.Addresses));

    /// <summary>Those of a content; empty: none.</summary>
    public static string Of(ContentLimits? limits) => Of(("streams", limits?.Streams), ("addresses", limits?.Addresses));

    private static string Of(params IEnumerable<(string Name, string? Value)> limits) => string.Join(", ", limits.Where(limit => limit.Value is not null).Select(limit => $"{limit.Name}: {limit.Value}"));
}
