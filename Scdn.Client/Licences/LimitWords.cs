using System.Globalization;

namespace Scdn.Client.Licences;

/// <summary>What is left of a licence in a viewer's words, with times as the viewer's clock shows them.</summary>
public static class LimitWords
{
    /// <summary>What is left, such as <c>2 plays left, until 30 November 2030, 23:59</c>.</summary>
    /// <param name="plays">Plays that can be begun; null: any number.</param>
    /// <param name="until">Until when; null: without end.</param>
    public static string Left(int? plays, DateTimeOffset? until) => (plays, until) switch
    {
        (0, _) => "no plays left",
        (null, null) => "any number of plays",
        (null, { } end) => $"any number of plays, until {Time(end)}",
        (_, null) => Plays(plays.Value),
        (_, { } end) => $"{Plays(plays.Value)}, until {Time(end)}",
    };

    /// <summary>What is left to seek, such as <c>3 seeks left</c>.</summary>
    public static string Seeks(int left) => left switch
    {
        0 => "no seeks left",
        1 => "1 seek left",
        _ => $"{left} seeks left",
    };

    /// <summary>An instant as the viewer's clock shows it, such as <c>30 November 2030, 23:59</c>.</summary>
    public static string Time(DateTimeOffset at) => at.ToLocalTime().ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A while, such as <c>10 minutes</c>; what is less than two minutes in seconds.</summary>
    public static string While(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(Math.Max(0, time.TotalSeconds));
        return seconds switch
        {
            1 => "1 second",
            < 120 => $"{seconds} seconds",
            < 7200 => $"{(seconds + 30) / 60} minutes",
            _ => $"{(seconds + 1800) / 3600} hours",
        };
    }

    private static string Plays(int plays) => plays == 1 ? "1 play left" : $"{plays} plays left";
}
