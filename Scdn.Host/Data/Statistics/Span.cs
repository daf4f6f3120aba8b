namespace Scdn.Host.Data.Statistics;

/// <summary>Spans of time that are counted by themselves, in UTC; they begin at whole multiples of their length since 1970, in milliseconds.</summary>
internal static class Span
{
    public const string Hour = "hour";
    public const string Day = "day";
    public const string Ever = "ever";

    public const long MinuteLength = 60_000;
    public const long HourLength = 60 * MinuteLength;
    public const long DayLength = 24 * HourLength;

    /// <summary>The beginning of the span that an instant, not before 1970, lies in.</summary>
    public static long Begin(long at, long length) => at - at % length;

    /// <summary>The first beginning that is not before an instant.</summary>
    public static long Next(long at, long length) => at % length == 0 ? at : Begin(at, length) + length;
}
