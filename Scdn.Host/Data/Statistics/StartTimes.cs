namespace Scdn.Host.Data.Statistics;

/// <summary>How long plays took until the picture moved: how many took how long, to two digits, so that a median is known of any number of them without looking at each.</summary>
internal static class StartTimes
{
    /// <summary>To two digits.</summary>
    public static long Rounded(long milliseconds)
    {
        var unit = 1L;
        while (milliseconds / unit >= 100) unit *= 10;
        return (milliseconds + (unit / 2)) / unit * unit;
    }

    /// <summary>What a share of them took at most; null: there are none.</summary>
    /// <param name="starts">How many took how long.</param>
    /// <param name="share">From 0 to 1: 0.5 for the median.</param>
    public static long? Within(IEnumerable<(long Milliseconds, long Plays)> starts, double share)
    {
        var sorted = starts.OrderBy(one => one.Milliseconds).ToList();
        var (wanted, seen) = (Math.Max(1, Math.Ceiling(sorted.Sum(one => one.Plays) * share)), 0L);
        foreach (var (milliseconds, plays) in sorted)
        {
            if ((seen += plays) >= wanted) return milliseconds;
        }

        return null;
    }
}
