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

    /// <summary>A rate, such as <c>12 Mbit/s</c>.</summary>
    public static string Rate(long bytesPerSecond) => $"{bytesPerSecond * 8 / 1e6:0.#} Mbit/s";

    /// <summary>A play time, such as <c>0:01:00.0</c>.</summary>
    public static string PlayTime(TimeSpan time) => $"{(int)time.TotalHours}:{time:mm\\:ss\\.f}";

    /// <summary>An instant, in UTC, to the second.</summary>
    public static string Instant(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";
}
