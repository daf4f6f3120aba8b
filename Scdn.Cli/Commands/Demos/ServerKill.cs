using Scdn.Cli.Hosts;
using Scdn.Client;

namespace Scdn.Cli.Commands.Demos;

/// <summary>
/// Kills one content server with signal 9 in the middle of an answer, once some of the content, but less than half, has been fetched.
/// </summary>
internal sealed class ServerKill(IReadOnlyList<ClusterHost> hosts, long watchedBytes, Action<ServerKill> killed)
{
    // Not before some play is ahead, or a short film of few segments would stand still for reasons that no network can help.
    private const double Least = 0.3;
    private const double Most = 0.47;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    /// <summary>The server that was killed; null before.</summary>
    public ClusterHost? Victim { get; private set; }

    /// <summary>How much of what is watched had been fetched then.</summary>
    public double AtRatio { get; private set; }

    /// <summary>Requests that it was answering then.</summary>
    public int Answering { get; private set; }

    /// <summary>Watches the network manager until the moment has come, or is past.</summary>
    public async Task WatchAsync(NetworkManager network, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Look);
        while (await timer.WaitForNextTickAsync(stop))
        {
            var statistics = network.Statistics;
            var ratio = watchedBytes == 0 ? 1 : (double)statistics.FetchedBytes / watchedBytes;
            if (ratio > Most) return;
            if (ratio < Least) continue;
            // The busiest one of those that have proved to deliver: its loss hurts most.
            var busy = statistics.RequestsUnderWay.Where(server => statistics.BytesByServer.ContainsKey(server.Key)).OrderByDescending(server => server.Value).FirstOrDefault();
            if (busy.Key is null || hosts.FirstOrDefault(host => host.Name == busy.Key) is not { } victim) continue;
            victim.Process.Kill();
            (Victim, AtRatio, Answering) = (victim, ratio, busy.Value);
            killed(this);
            return;
        }
    }
}
