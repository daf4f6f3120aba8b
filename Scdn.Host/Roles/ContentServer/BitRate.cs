using System.Globalization;
using System.Text.RegularExpressions;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>A rate as people write it: <c>12Mbit</c>, <c>1.5Gbit</c>, <c>800kbit</c>; bits per second, decimal prefixes.</summary>
internal static partial class BitRate
{
    /// <summary>Reads it as bytes per second, at least 1 KiB of them.</summary>
    public static bool TryParse(string text, out long bytesPerSecond)
    {
        bytesPerSecond = 0;
        var match = Pattern().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        decimal scale = match.Groups["prefix"].Value.ToUpperInvariant() switch { "K" => 1_000, "M" => 1_000_000, "G" => 1_000_000_000, _ => 1 };
        var rate = number * scale / 8;
        if (rate is < 1024 or > 1_000_000_000_000) return false;
        bytesPerSecond = (long)rate;
        return true;
    }

    [GeneratedRegex(@"^(?<number>\d{1,12}(\.\d{1,6})?)(?<prefix>[kKmMgG]?)bit(/s)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
