using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Scdn.Testing;

namespace Scdn.Benchmarks;

/// <summary>
/// Both gateways, and with them all of the control side, killed with signal 9 and gone for a while. A film plays on; keys that were verified go on at every content server; who wants to begin is told why not; and once both are
/// there again, how long until a new viewer plays from every server.
/// </summary>
internal static class GatewaysDown
{
    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long they are gone.", DefaultValueFactory = _ => 60 };
    private static readonly Option<int> Keys = new("--keys") { Description = "How many keys are in use.", DefaultValueFactory = _ => 50 };

    public static Command Create()
    {
        var command = new Command("gateways-down", "What goes on, and what comes back, when no gateway answers.") { Seconds, Keys };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(Seconds), parsed.GetValue(Keys), stop));
        return command;
    }

    private static async Task<int> RunAsync(int seconds, int count, CancellationToken stop)
    {
        await using var cluster = await BenchmarkCluster.StartAsync(seconds + 20);
        using var http = new HttpClient();
        var keys = new List<string>();
        for (var key = 0; key < count; key++) keys.Add((await cluster.IssueAsync(stop)).Token);
        foreach (var server in cluster.Servers)
        {
            foreach (var key in keys) await Eventually.HoldsAsync(async () => await cluster.OneByteAsync(http, server, key, stop) == 206, "every key is accepted");
        }

        using var film = cluster.Cluster.Start([.. cluster.Cluster.Play(), "--json"]);
        await Task.Delay(TimeSpan.FromSeconds(5), stop);
        var control = Running.Find(cluster.Cluster.Host("control"));
        var secondary = Running.Find(cluster.Cluster.Host("gateway-2"));
        await Task.WhenAll(control.KillAsync(), secondary.KillAsync());

        var (refused, asked, gone) = (0, 0, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(gone) < TimeSpan.FromSeconds(seconds))
        {
            foreach (var server in cluster.Servers)
            {
                foreach (var key in keys)
                {
                    asked++;
                    if (await cluster.OneByteAsync(http, server, key, stop) != 206) refused++;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), stop);
        }

        var sentence = await cluster.Cluster.RefusedAsync(cluster.Cluster.Play());
        using var controlAgain = control.Start();
        using var secondaryAgain = secondary.Start();
        await Eventually.HoldsAsync(async () => await IsUpAsync(http, control.Address, stop) && await IsUpAsync(http, secondary.Address, stop), "both gateways answer");
        var back = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(async () => await PlaysEverywhereAsync(cluster, http, stop), "a new key is good at every server");
        var took = Stopwatch.GetElapsedTime(back);

        var report = JsonDocument.Parse((await film.EndAsync()).Output).RootElement;
        controlAgain.Kill();
        secondaryAgain.Kill();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {seconds} s | {asked} | {refused} | {report.GetProperty("stalls").GetInt32()}, {(report.GetProperty("played_to_end").GetBoolean() ? "to its end" : "not to its end")} | {took.TotalSeconds:0.00} s |"));
        Console.WriteLine($"A new viewer meanwhile: {sentence}");
        return refused == 0 && took < TimeSpan.FromSeconds(2) ? 0 : 1;
    }

    private static async Task<bool> IsUpAsync(HttpClient http, Uri host, CancellationToken stop)
    {
        try
        {
            using var health = await http.GetAsync(new Uri(host, "/health"), stop);
            return health.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<bool> PlaysEverywhereAsync(BenchmarkCluster cluster, HttpClient http, CancellationToken stop)
    {
        try
        {
            var key = await cluster.IssueAsync(stop);
            foreach (var server in cluster.Servers)
            {
                if (await cluster.OneByteAsync(http, server, key.Token, stop) != 206) return false;
            }

            return key.Servers.Count == cluster.Servers.Count;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>A host that runs, by the command line with which it can be started again at the same address.</summary>
    private sealed record Running(int Pid, string[] Command, Uri Address)
    {
        public static Running Find((Uri Uri, int Pid) host)
        {
            var command = File.ReadAllText($"/proc/{host.Pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
            // It had taken any free port: now it is that one.
            command[Array.IndexOf(command, "--listen") + 1] = host.Uri.ToString();
            return new(host.Pid, command, host.Uri);
        }

        public async Task KillAsync()
        {
            using var process = Process.GetProcessById(Pid);
            process.Kill();
            await ScdnProcess.GoneAsync(Pid);
        }

        public Process Start()
        {
            var start = new ProcessStartInfo(Command[0], Command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
            return Process.Start(start)!;
        }
    }
}
