using System.CommandLine.Parsing;
using System.Globalization;

namespace Scdn.Player;

/// <summary>A number of bytes as it is typed: <c>65536</c>, <c>64KiB</c>, <c>8MiB</c>, <c>1GiB</c>, <c>1TiB</c>.</summary>
public static class SizeBytes
{
    private static readonly (string Suffix, long Factor)[] Units = [("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("", 1)];

    /// <summary>False when it is none.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        var (suffix, factor) = Units.First(unit => text.EndsWith(unit.Suffix, StringComparison.OrdinalIgnoreCase));
        var parsed = long.TryParse(text.AsSpan(0, text.Length - suffix.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out bytes);
        if (!parsed || bytes > long.MaxValue / factor) return false;
        bytes *= factor;
        return true;
    }

    /// <summary>For an option: anything out of the range is refused with the range.</summary>
    public static Func<ArgumentResult, long> Between(long least, long most) => result =>
    {
        var text = result.Tokens[0].Value;
        if (TryParse(text, out var bytes) && bytes >= least && bytes <= most) return bytes;
        result.AddError($"'{text}' is not a size from {Print(least)} to {Print(most)}: write it like 8MiB.");
        return 0;
    };

    private static string Print(long bytes)
    {
        var (suffix, factor) = Units.First(unit => bytes >= unit.Factor);
        return $"{bytes / factor} {suffix}";
    }
}
