using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Testing;

namespace Scdn.Benchmarks;

/// <summary>
/// A cluster of real processes whose content servers answer requests without a pause, each for another number of bytes under its key, so that a record tells which request it is of. Content servers and the control host are killed with signal 9 at instants
/// of chance, and started again. What the viewers were answered is the ledger.
/// </summary>
internal static class KillRecords
{
    private const int MaxBytes = 500;
    private const int PageSize = 10_000;

    private static readonly Option<string> Engine = new("--engine") { Description = "sqlite or postgres.", DefaultValueFactory = _ => "sqlite" };
    private static readonly Option<int> Runs = new("--runs") { Description = "How often something is killed.", DefaultValueFactory = _ => 20 };
    private static readonly Option<int> Viewers = new("--viewers") { Description = "How many ask at the same time.", DefaultValueFactory = _ => 4 };

    public static Command Create()
    {
        var command = new Command("kill-records", "What is lost and counted twice of connection records when either side is killed.") { Engine, Runs, Viewers };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(Engine)!, parsed.GetValue(Runs), parsed.GetValue(Viewers), stop));
        return command;
    }

    private static async Task<int> RunAsync(string engine, int runs, int viewers, CancellationToken stop)
    {
        await using var place = await BenchmarkPlace.MakeAsync(engine);
        await using var cluster = await BenchmarkCluster.StartAsync(seconds: 4, engine == "postgres" ? await place.NewStoreAsync() : null);
        var (answered, kills) = (new ConcurrentBag<Answer>(), new List<Kill>());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = Enumerable.Range(0, viewers).Select(viewer => WatchAsync(cluster, $"s{viewer % 2 + 1}", answered, over.Token)).ToList();
        for (var run = 0; run < runs; run++) await KillAsync(cluster, run, kills, stop);
        await Task.Delay(TimeSpan.FromSeconds(1), stop);
        await over.CancelAsync();
        await Task.WhenAll(watching);
        // The last answers are written by then.
        await Task.Delay(TimeSpan.FromSeconds(3), stop);
        await Eventually.HoldsAsync(() => HaveHandedIn(cluster), "content servers have handed in all records");

        var logged = await LogAsync(cluster, stop);
        var times = logged.CountBy(record => (record.Key, record.Bytes)).ToDictionary();
        var twice = times.Count(request => request.Value > 1);
        // Lost in the moment before its server was killed, or not: then nothing excuses it.
        var lost = answered.Where(answer => !times.ContainsKey((answer.Key, answer.Bytes))).Select(answer => kills.Where(kill => kill.Host == answer.Server && kill.At >= answer.At)
            .Select(kill => Stopwatch.GetElapsedTime(answer.At, kill.At).TotalMilliseconds).DefaultIfEmpty(double.PositiveInfinity).Min()).ToList();
        var wrong = await WrongSumsAsync(cluster, logged, stop);
        var longest = lost.DefaultIfEmpty(0).Max();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {engine} | {kills.Count(kill => kill.Host != "control")} + {kills.Count(kill => kill.Host == "control")} | {answered.Count} | {lost.Count}, {longest:0.0} ms before the kill at most | {twice} | {wrong} |"));
        return longest < 1000 && twice == 0 && wrong == 0 ? 0 : 1;
    }

    /// <summary>One side, the other, or both.</summary>
    private static async Task KillAsync(BenchmarkCluster cluster, int run, List<Kill> kills, CancellationToken stop)
    {
        await Task.Delay(Random.Shared.Next(200, 2500), stop);
        string[] hosts = (run % 4) switch { 0 => ["s1"], 1 => ["control"], 2 => ["s2"], _ => ["control", "s1"] };
        var restarts = new List<Func<Task>>();
        foreach (var host in hosts)
        {
            // What is answered between this instant and the kill is later than the kill.
            kills.Add(new(host, Stopwatch.GetTimestamp()));
            restarts.Add(await cluster.Cluster.KillToRestartAsync(host));
            kills[^1] = kills[^1] with { At = Stopwatch.GetTimestamp() };
        }

        foreach (var restart in restarts) await restart();
    }

    private static async Task WatchAsync(BenchmarkCluster cluster, string server, ConcurrentBag<Answer> answered, CancellationToken stop)
    {
        using var http = new HttpClient();
        var uri = cluster.Cluster.Host(server).Uri;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var key = await cluster.IssueAsync(stop);
                for (var bytes = 1; bytes <= MaxBytes; bytes++)
                {
                    if (await cluster.BytesAsync(http, uri, key.Token, bytes, stop) == 206) answered.Add(new(key.Id, bytes, server, Stopwatch.GetTimestamp()));
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
            {
                // Killed, or not yet up again.
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    private static bool HaveHandedIn(BenchmarkCluster cluster) =>
        ((string[])["s1", "s2"]).All(server => !Directory.EnumerateFiles(Path.Combine(cluster.Cluster.ServerData(server), "records"), "*.ndjson").Any(file => new FileInfo(file).Length > 0));

    private static async Task<List<LoggedRecord>> LogAsync(BenchmarkCluster cluster, CancellationToken stop)
    {
        var logged = new List<LoggedRecord>();
        while (true)
        {
            var page = await cluster.GetAsync<List<LoggedRecord>>($"/v1/admin/log?limit={PageSize}{(logged.Count > 0 ? $"&before={logged[^1].Id}" : "")}", stop);
            logged.AddRange(page);
            if (page.Count < PageSize) return logged;
        }
    }

    /// <summary>How many of the statistics are not what the records add up to.</summary>
    private static async Task<int> WrongSumsAsync(BenchmarkCluster cluster, List<LoggedRecord> logged, CancellationToken stop)
    {
        var wrong = 0;
        foreach (var by in (string[])["content", "server", "user", "hour"])
        {
            var told = await cluster.GetAsync<StatisticsAnswer>($"/v1/admin/stats?by={by}&limit={PageSize}", stop);
            if (told.Requests != logged.Count || told.Bytes != logged.Sum(record => record.Bytes)) wrong++;
            foreach (var row in told.Rows)
            {
                var records = logged.Where(record => by switch
                {
                    "content" => record.Content == row.Content,
                    "server" => record.Server == row.Server,
                    "user" => (record.User ?? "") == row.User,
                    _ => record.At >= row.Hour && record.At < row.Hour?.AddHours(1),
                }).ToList();
                var sessions = row.Hour is { } hour ? Peak(logged, minute => minute >= Minute(hour) && minute < Minute(hour.AddHours(1))) : Peak(records, _ => true);
                if (row.Requests != records.Count || row.Bytes != records.Sum(record => record.Bytes) || row.Errors != records.Count(record => record.Status >= 400) || row.Sessions != sessions) wrong++;
            }
        }

        return wrong;
    }

    /// <summary>The most sessions in a minute, counted in another way than the store does: from all pairs of minute and key, of which each has a session of its own here.</summary>
    private static long Peak(IEnumerable<LoggedRecord> records, Func<long, bool> isAsked) => records
        .SelectMany(record => Enumerable.Range(0, (int)(Minute(record.At) - Minute(record.At.AddMilliseconds(-record.Milliseconds))) + 1).Select(back => (Minute: Minute(record.At) - back, record.Key)))
        .Where(pair => isAsked(pair.Minute)).Distinct().CountBy(pair => pair.Minute).Max(minute => (long)minute.Value);

    private static long Minute(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 60_000;

    private sealed record Answer(KeyId Key, long Bytes, string Server, long At);

    private sealed record Kill(string Host, long At);
}
