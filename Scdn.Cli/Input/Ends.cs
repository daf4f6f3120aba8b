using System.CommandLine;
using System.Globalization;

namespace Scdn.Cli.Input;

/// <summary>When something ends: an instant, or how long from now.</summary>
internal static class Ends
{
    /// <summary>An option that is such an end.</summary>
    public static Option<DateTimeOffset?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Parse(text, DateTimeOffset.UtcNow) is { } end) return end;
            result.AddError($"{name} takes a number of days, hours or minutes, such as 90d, 12h or 30m, or an instant, such as 2030-12-31T23:59Z.");
            return null;
        },
    };

    /// <summary>The instant; null: it is none.</summary>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            TimeSpan? unit = text[^1] switch { 'd' => TimeSpan.FromDays(1), 'h' => TimeSpan.FromHours(1), 'm' => TimeSpan.FromMinutes(1), _ => null };
            // Compared before it is multiplied: what lies beyond all time is no end.
            if (unit is { } one) return number <= (DateTimeOffset.MaxValue - now) / one ? now + (number * one) : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
    }
}
