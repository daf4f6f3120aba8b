using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Scdn.Benchmarks;

/// <summary>A content server on one core, asked for one byte with a key that it has seen before, by wrk on the other core.</summary>
internal static partial class PartRequests
{
    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long.", DefaultValueFactory = _ => 10 };
    private static readonly Option<int> Connections = new("--connections") { Description = "How many at the same time.", DefaultValueFactory = _ => 16 };

    public static Command Create()
    {
        var command = new Command("part-requests", "Requests for one byte of a part at a content server on one core (needs wrk and taskset).") { Seconds, Connections };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(Seconds), parsed.GetValue(Connections), stop));
        return command;
    }

    private static async Task<int> RunAsync(int seconds, int connections, CancellationToken stop)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("This is measured on Linux.");
        await using var cluster = await BenchmarkCluster.StartAsync(seconds: 4);
        // On one core from its beginning: a runtime that is moved there later still works as if it had two.
        var restart = await cluster.Cluster.KillToRestartAsync("s1");
        using (var self = Process.GetCurrentProcess())
        {
            self.ProcessorAffinity = 1;
            await restart();
            self.ProcessorAffinity = 2;
        }

        var key = await cluster.IssueAsync(stop);
        string[] wrk = ["-c", "1", "wrk", "-t", "1", "-c", $"{connections}", "-H", $"Authorization: Bearer {key.Token}", "-H", "Range: bytes=0-0"];
        var url = new Uri(cluster.Servers[0], cluster.PartPath).ToString();
        await SaidAsync("taskset", stop, [.. wrk, "-d", "15", url]);
        using var server = Process.GetProcessById(cluster.Cluster.Host("s1").Pid);
        var before = server.TotalProcessorTime;
        var said = await SaidAsync("taskset", stop, [.. wrk, "-d", $"{seconds}", "--latency", url]);
        server.Refresh();
        var busy = server.TotalProcessorTime - before;
        if (said.Contains("Non-2xx", StringComparison.Ordinal)) throw new InvalidOperationException(said);
        Console.WriteLine($"| {connections} connections | {Rate().Match(said).Groups[1].Value} a second | p99 {P99().Match(said).Groups[1].Value} | {busy.TotalMicroseconds / int.Parse(Requests().Match(said).Groups[1].Value, CultureInfo.InvariantCulture):0.0} µs of the processor each |");
        return 0;
    }

    private static async Task<string> SaidAsync(string program, CancellationToken stop, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {said}");
    }

    [GeneratedRegex("Requests/sec:\\s+([0-9.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex("([0-9]+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex("99%\\s+([0-9.a-z]+)")]
    private static partial Regex P99();
}
