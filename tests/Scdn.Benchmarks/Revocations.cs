using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Scdn.Testing;

namespace Scdn.Benchmarks;

/// <summary>How long a key that was revoked is still good for: from the operator's request on, at every content server, while other viewers keep the servers busy.</summary>
internal static class Revocations
{
    private const int Refused = 401;

    private static readonly Option<int> Runs = new("--runs") { Description = "How many keys are revoked.", DefaultValueFactory = _ => 200 };
    private static readonly Option<int> Viewers = new("--viewers") { Description = "How many other viewers ask for bytes meanwhile, without a pause.", DefaultValueFactory = _ => 4 };

    public static Command Create()
    {
        var command = new Command("revoke", "How long a revoked key is still accepted.") { Runs, Viewers };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(Runs), parsed.GetValue(Viewers), stop));
        return command;
    }

    private static async Task<int> RunAsync(int runs, int viewers, CancellationToken stop)
    {
        await using var cluster = await BenchmarkCluster.StartAsync(seconds: 4);
        using var http = new HttpClient();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var others = await cluster.IssueAsync(stop);
        var busy = Enumerable.Range(0, viewers).Select(viewer => WatchAsync(http, cluster, cluster.Servers[viewer % cluster.Servers.Count], others.Token, over.Token)).ToList();

        var times = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            var key = await cluster.IssueAsync(stop);
            foreach (var server in cluster.Servers) await Eventually.HoldsAsync(async () => await cluster.OneByteAsync(http, server, key.Token, stop) == 206, "the key is accepted");
            var watching = cluster.Servers.Select(server => RefusedAtAsync(http, cluster, server, key.Token, stop)).ToList();
            var asked = Stopwatch.GetTimestamp();
            await cluster.RevokeAsync(key.Id, stop);
            foreach (var refused in await Task.WhenAll(watching)) times.Add(Stopwatch.GetElapsedTime(asked, refused).TotalMilliseconds);
        }

        await over.CancelAsync();
        foreach (var viewer in busy) await viewer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {runs} keys at {cluster.Servers.Count} servers | {times[times.Count / 2]:0} ms | {times[times.Count * 99 / 100]:0} ms | {times[^1]:0} ms |"));
        return times[times.Count * 99 / 100] <= 1000 ? 0 : 1;
    }

    /// <summary>The instant of the first refusal.</summary>
    private static async Task<long> RefusedAtAsync(HttpClient http, BenchmarkCluster cluster, Uri server, string token, CancellationToken stop)
    {
        while (await cluster.OneByteAsync(http, server, token, stop) != Refused) await Task.Delay(1, stop);
        return Stopwatch.GetTimestamp();
    }

    private static async Task WatchAsync(HttpClient http, BenchmarkCluster cluster, Uri server, string token, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await cluster.OneByteAsync(http, server, token, stop) != 206) throw new InvalidOperationException("A key that nobody revoked was refused.");
        }
    }
}
