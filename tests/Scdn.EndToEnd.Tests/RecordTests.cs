using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Scdn.Testing;

namespace Scdn.EndToEnd.Tests;

/// <summary>Connection records of a cluster whose hosts are killed.</summary>
internal sealed class RecordTests
{
    private const int Requests = 60;

    [Test]
    public async Task Each_request_is_logged_and_counted_once_although_both_sides_are_killed()
    {
        await using var cluster = await TestCluster.StartAsync(seconds: 4);
        var content = (await cluster.DoneAsync("contents", "list"))[0].GetProperty("id").GetString()!;
        var session = (await cluster.DoneAsync("session", "add", TestCluster.Viewer)).GetProperty("id").GetString()!;
        await cluster.DoneAsync("key", "issue", session, content, "--out", cluster["key"]);
        using var http = new HttpClient { BaseAddress = cluster.Host("s1").Uri, DefaultRequestHeaders = { Authorization = new("Bearer", (await File.ReadAllTextAsync(cluster["key"])).Trim()) } };
        await File.WriteAllBytesAsync(cluster["film.enp"], await http.GetByteArrayAsync($"v1/contents/{content}/header"));
        var inspected = await ScdnProcess.RunAsync(cluster.Home, "inspect", cluster["film.enp"], "--json");
        var part = JsonDocument.Parse(inspected.Output).RootElement.GetProperty("parts")[0].GetProperty("id").GetString();

        await AskAsync(1, Requests / 3);
        var startControl = await cluster.KillToRestartAsync("control");
        await AskAsync(Requests / 3 + 1, Requests * 2 / 3);
        // What was asked since can be handed in to nobody, and is kept once it is written.
        await Eventually.HoldsAsync(() => Written() is var text && Enumerable.Range(Requests / 3 + 1, Requests / 3).All(bytes => text.Contains($"\"bytes\":{bytes},", StringComparison.Ordinal)), "what was answered is written");
        var startServer = await cluster.KillToRestartAsync("s1");
        await startControl();
        await startServer();
        await Eventually.HoldsAsync(async () => await TryAskAsync(Requests * 2 / 3 + 1), "the content server serves again");
        await AskAsync(Requests * 2 / 3 + 2, Requests);
        await Eventually.HoldsAsync(async () => (await cluster.DoneAsync("stats")).GetProperty("requests").GetInt64() >= Requests, "all are counted");

        var logged = (await cluster.DoneAsync("log", "--limit", "1000")).EnumerateArray().Where(record => record.GetProperty("status").GetInt32() == 206).Select(record => record.GetProperty("bytes").GetInt32()).ToList();
        var counted = await cluster.DoneAsync("stats", "--by", "hour");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(logged.Order(), Is.EqualTo(Enumerable.Range(1, Requests)));
            Assert.That(counted.GetProperty("bytes").GetInt64(), Is.EqualTo(Enumerable.Range(1, Requests).Sum() + new FileInfo(cluster["film.enp"]).Length));
            Assert.That(counted.GetProperty("sessions").GetInt32(), Is.EqualTo(1));
        }

        async Task AskAsync(int first, int last)
        {
            for (var bytes = first; bytes <= last; bytes++) Assert.That(await TryAskAsync(bytes), $"{bytes} bytes");
        }

        async Task<bool> TryAskAsync(int bytes)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/parts/{part}") { Headers = { Range = new RangeHeaderValue(0, bytes - 1) } };
            using var answer = await http.SendAsync(request);
            return answer.StatusCode == HttpStatusCode.PartialContent;
        }

        string Written() => string.Concat(Directory.EnumerateFiles(Path.Combine(cluster.ServerData("s1"), "records"), "*.ndjson").Select(Read));

        static string Read(string file)
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }
}
