using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Manifests;
using Scdn.Host.Data;
using Scdn.Host.Hosting;
using Scdn.Testing;

namespace Scdn.Benchmarks;

/// <summary>
/// How long the statistics pages take over a store with many connection records. The records come in through the store's own code, a batch at a time and in the order of time; then a host of its own process is asked over HTTP.
/// </summary>
internal static class Statistics
{
    private const int Contents = 500;
    private const int Users = 20_000;
    private const int Servers = 5;
    private const int RecordsOfSession = 250;
    private const int Days = 29;
    private const int BatchSize = 1000;

    private static readonly Option<string> Engine = new("--engine") { Description = "sqlite or postgres.", DefaultValueFactory = _ => "sqlite" };
    private static readonly Option<int> Records = new("--records") { Description = "How many records there are.", DefaultValueFactory = _ => 10_000_000 };
    private static readonly Option<int> Times = new("--times") { Description = "How often each page is asked for.", DefaultValueFactory = _ => 100 };

    public static Command Create()
    {
        var command = new Command("statistics", "Statistics pages over many connection records.") { Engine, Records, Times };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(Engine)!, parsed.GetValue(Records), parsed.GetValue(Times), stop));
        return command;
    }

    private static async Task<int> RunAsync(string engine, int records, int times, CancellationToken stop)
    {
        await using var place = await BenchmarkPlace.MakeAsync(engine);
        using var folder = new TempFolder();
        var store = await place.NewStoreAsync();
        var (contents, servers) = (Enumerable.Range(0, Contents).Select(_ => ContentId.New()).ToArray(), Enumerable.Range(0, Servers).Select(_ => ServerId.New()).ToArray());
        var began = Stopwatch.GetTimestamp();
        await FillAsync(store, records, contents, servers, stop);
        var filling = Stopwatch.GetElapsedTime(began);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{records} records came in within {filling.TotalSeconds:0} s, {records / filling.TotalSeconds:0} a second."));

        string[] where = engine == "postgres" ? ["--data", folder["data"], "--database", store] : ["--data", Path.GetDirectoryName(store)!];
        using var host = Process.Start(new ProcessStartInfo(
            ScdnProcess.HostProgram, ["--roles", "admin,cdmaster,ipmaster,proxy,gateway,site", "--listen", "http://127.0.0.1:0", "--log-file", folder["log"], .. where]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri((await host.StandardOutput.ReadLineAsync(stop))!["ready ".Length..]) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(where[1], "operator.token"), stop)).Trim());
            var slowest = TimeSpan.Zero;
            foreach (var (name, path) in Pages(contents[0], servers[0]))
            {
                var p99 = await AskAsync(http, engine, name, path, times, stop);
                slowest = p99 > slowest ? p99 : slowest;
            }

            return slowest < TimeSpan.FromMilliseconds(200) ? 0 : 1;
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static IEnumerable<(string Name, string Path)> Pages(ContentId content, ServerId server)
    {
        var since = DateTimeOffset.UtcNow.AddDays(-Days + 1.5).ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
        foreach (var by in (string[])["content", "server", "user", "hour"])
        {
            yield return ($"by {by}", $"stats?by={by}");
            yield return ($"by {by}, {Days - 1.5} days", $"stats?by={by}&from={since}");
        }

        yield return ("by user, of a content", $"stats?by=user&content={content}");
        yield return ("by content, of a user", "stats?by=content&user=user0");
        yield return ("by content, of a server", $"stats?by=content&server={server}");
        yield return ("by hour, of a content at a server", $"stats?by=hour&content={content}&server={server}");
        yield return ("records", "log");
        yield return ("records of a user", "log?user=user0");
        yield return ("records of a content", $"log?content={content}");
        yield return ("records of a server", $"log?server={server}");
    }

    private static async Task<TimeSpan> AskAsync(HttpClient http, string engine, string name, string path, int times, CancellationToken stop)
    {
        var took = new List<TimeSpan>();
        for (var time = 0; time < times; time++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync($"/v1/admin/{path}", stop);
            _ = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(stop);
            took.Add(Stopwatch.GetElapsedTime(began));
        }

        var first = took[0];
        took.Sort();
        var (median, p99) = (took[took.Count / 2], took[took.Count * 99 / 100]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {engine} | {name} | {first.TotalMilliseconds:0} ms | {median.TotalMilliseconds:0.0} ms | {p99.TotalMilliseconds:0.0} ms |"));
        return p99;
    }

    private static async Task FillAsync(string place, int records, ContentId[] contents, ServerId[] servers, CancellationToken stop)
    {
        await using var store = await BenchmarkStore.OpenAsync(place);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = JsonSerializer.SerializeToElement(JsonWebKey.Of(key), HostJson.Options);
        foreach (var (content, number) in contents.Select((content, number) => (content, number)))
            await store.Grains.ChangeAsync<ManifestState>(ManifestState.IdOf(content), _ => new ManifestState($"Film {number}", 1, new byte[32], 1, 1, 1, true, "publisher", DateTimeOffset.UtcNow), stop);
        foreach (var (server, number) in servers.Select((server, number) => (server, number)))
            await store.Grains.ChangeAsync<ContentServerState>(ContentServerState.IdOf(server), _ => new ContentServerState($"s{number}", new("http://127.0.0.1:1"), publicKey, DateTimeOffset.UtcNow), stop);
        foreach (var batch in Traffic(records, contents, servers).Chunk(BatchSize))
        {
            if ((await store.Records.AddAsync(batch, stop)).Refusal is { } refusal) throw new InvalidOperationException(refusal.Detail);
        }
    }

    /// <summary>Sessions that begin at any time within the days, each of a user with a content, popular ones more often, from two servers; a record every few seconds. In the order of time.</summary>
    private static IEnumerable<FreshRecord> Traffic(int records, ContentId[] contents, ServerId[] servers)
    {
        var random = new Random(1);
        var begin = DateTimeOffset.UtcNow.AddDays(-Days);
        var sessions = Math.Max(1, records / RecordsOfSession);
        var apart = TimeSpan.FromDays(Days - 0.5) / sessions;
        var running = new PriorityQueue<Viewing, DateTimeOffset>();
        var started = 0;
        for (var count = 0; count < records; count++)
        {
            while (started < sessions && (running.Count == 0 || !running.TryPeek(out _, out var next) || begin + started * apart <= next))
            {
                running.Enqueue(
                    new($"user{random.Next(Users)}", SessionId.New(), KeyId.New(), contents[(int)(Math.Pow(random.NextDouble(), 3) * contents.Length)], random.Next(servers.Length)), begin + started * apart);
                started++;
            }

            if (!running.TryDequeue(out var viewing, out var at)) yield break;
            var bytes = random.Next(64 * 1024, 8 * 1024 * 1024);
            var record = new ConnectionRecord(
                Guid.CreateVersion7(at), at, servers[(viewing.Server + random.Next(2)) % servers.Length], viewing.Key, viewing.Content, PartId.New(), bytes, random.Next(5, 4000), random.Next(200) == 0 ? 404 : 206, Complete: true);
            if (++viewing.Count < RecordsOfSession || started == sessions) running.Enqueue(viewing, at.AddSeconds(random.Next(1, 11)));
            yield return new(record, viewing.User, viewing.Session);
        }
    }

    private sealed record Viewing(string User, SessionId Session, KeyId Key, ContentId Content, int Server)
    {
        public int Count { get; set; }
    }
}
