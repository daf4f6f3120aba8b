namespace Scdn.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Units
{
    private static readonly string[] Sizes = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>A size, such as <c>8 MiB</c>.</summary>
    public static string Size(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < Sizes.Length - 1) (value, unit) = (value / 1024, unit + 1);
        return unit == 0 ? $"{bytes} {(bytes == 1 ? "byte" : "bytes")}" : $"{value:0.##} {Sizes[unit]}";
    }

    /// <summary>How many there are of something, such as <c>1 part</c> or <c>2 parts</c>.</summary>
    public static string Count(long number, string one) => $"{number} {one}{(number == 1 ? "" : "s")}";

    /// <summary>A rate, such as <c>12 Mbit/s</c>.</summary>
    public static string Rate(long bytesPerSecond) => $"{bytesPerSecond * 8 / 1e6:0.#} Mbit/s";

    /// <summary>A play time, such as <c>0:01:00.0</c>.</summary>
    public static string PlayTime(TimeSpan time) => $"{(int)time.TotalHours}:{time:mm\\:ss\\.f}";

    /// <summary>How long something takes, such as <c>4 s</c>, <c>2:05 min</c> or <c>1:30 h</c>.</summary>
    public static string Duration(TimeSpan time) =>
        time.TotalMinutes < 1 ? $"{Math.Ceiling(time.TotalSeconds):0} s" : time.TotalHours < 1 ? $"{time:m\\:ss} min" : $"{(int)time.TotalHours}:{time:mm} h";

    /// <summary>An instant, in UTC, to the second.</summary>
    public static string Instant(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";
}
