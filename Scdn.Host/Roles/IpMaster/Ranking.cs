using Scdn.Format.Wire;

namespace Scdn.Host.Roles.IpMaster;

/// <summary>
/// Puts servers in order, the least loaded first. Those that are nearly equal change places at random, so that viewers who come in the same second do
/// not all go to the same one.
/// </summary>
internal static class Ranking
{
    /// <summary>Servers whose scores fall into the same tenth are as good as equal.</summary>
    private const double Step = 0.1;

    /// <summary>What a server without a cap is taken to be able to send: 1 Gbit/s.</summary>
    private const double AssumedRateBytesPerSecond = 125_000_000;

    /// <summary>As many viewers make a server as busy as half its bandwidth does.</summary>
    private const double ManySessions = 500;

    private const double FullDiskPercent = 98;

    /// <summary>Best first, those without a load last.</summary>
    public static IEnumerable<T> Order<T>(IEnumerable<T> servers, Func<T, ServerLoad?> load, Random random) =>
        servers.Select(server => (Server: server, Bucket: load(server) is { } told ? (int)(Score(told) / Step) : int.MaxValue, Lot: random.Next()))
            .OrderBy(entry => entry.Bucket)
            .ThenBy(entry => entry.Lot)
            .Select(entry => entry.Server);

    /// <summary>0 when idle; 1 and above when one of its means is used up.</summary>
    public static double Score(ServerLoad load)
    {
        var bandwidth = load.RateBytesPerSecond / (double)(load.MaxRateBytesPerSecond ?? AssumedRateBytesPerSecond);
        var processor = load.CpuPercent / 100;
        var sessions = 0.5 * load.Sessions / ManySessions;
        // A full disk or memory slows everything that is not cached.
        var cramped = load.DiskPercent >= FullDiskPercent || load.MemoryPercent >= FullDiskPercent ? 0.5 : 0;
        return Math.Max(bandwidth, 0.8 * processor) + sessions + cramped;
    }
}
