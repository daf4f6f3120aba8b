using System.CommandLine;
using Scdn.Cli.Output;
using Spectre.Console;

namespace Scdn.Cli.Commands.Demos;

/// <summary><c>scdn demo</c>: all of it, end to end, on this machine.</summary>
internal static class Demo
{
    private static readonly Argument<FileInfo?> Source = new("FILE") { Description = "The film to show it with (default: a sample is made).", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> Headless = new("--headless") { Description = "Do not show how playing goes on." };
    private static readonly Option<bool> Keep = new("--keep") { Description = "Keep the folder with everything that was made." };

    public static Command Create() =>
        new Command("demo", "Splits, protects, publishes and copies a film, plays it while a server is killed, and merges it back.") { Source, Headless, Keep }.Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var steps = new StepTeller(context.Printer);
        var folder = Directory.CreateTempSubdirectory("scdn-demo-").FullName;
        var keep = context.Parsed.GetValue(Keep);
        if (keep) context.OnInterrupted = $"Interrupted; the folder {folder} was kept.";
        DemoMeasured measured;
        DemoScript script;
        try
        {
            script = new DemoScript(context, steps, folder, context.Parsed.GetValue(Headless));
            await using (script) measured = await script.RunAsync(context.Parsed.GetValue(Source), stop);
        }
        finally
        {
            if (keep) steps.Tell($"Kept the folder {folder}.");
            else Directory.Delete(folder, recursive: true);
        }

        var left = Leftovers.Find(script.Started, script.Addresses, keep ? null : folder).ToList();
        if (measured.LeftPlayingFiles) left.Add("The player left temporary files.");
        steps.Tell(left.Count == 0 ? "Stopped everything: no process, port or temporary file is left." : "Stopped everything, but something is left.");
        var output = Judge(measured, left, steps.Seconds);
        context.Printer.Result(output, CliJson.Lines.DemoOutput, console => Show(console, output));
        return output.Ok ? ExitCode.Done : ExitCode.Failed;
    }

    private static DemoOutput Judge(DemoMeasured measured, IReadOnlyList<string> left, double seconds)
    {
        var (reports, kill) = (measured.Reports, measured.Kill);
        var stalls = reports.Sum(report => report.Stalls);
        var failovers = reports.Sum(report => report.Failovers);
        var failures = new List<string>();
        foreach (var report in reports.Where(report => !report.Ok)) failures.Add(report.Error ?? "It was not played to its end.");
        if (stalls > 0) failures.Add($"The picture stood still {stalls} times.");
        if (kill.Victim is null) failures.Add("No server was killed: half was fetched before one could be.");
        else if (failovers == 0) failures.Add("A server was killed, but the player never had to leave it.");
        if (!measured.Identical) failures.Add("The merged file is not the original.");
        if (measured.BillingAsked == 0) failures.Add("Billing was never asked.");
        failures.AddRange(left);
        return new(
            failures.Count == 0,
            failures,
            reports[0].FirstFrameMs,
            reports[0].BeganMs,
            stalls,
            reports.Sum(report => report.StallMs),
            failovers,
            reports.SelectMany(report => report.BytesByServer).GroupBy(server => server.Key).ToDictionary(server => server.Key, server => server.Sum(bytes => bytes.Value)),
            Math.Round(reports.Sum(report => report.FetchedRatio), 4),
            measured.Identical,
            measured.SyncMs,
            kill.Victim?.Name,
            kill.Victim is null ? null : Math.Round(kill.AtRatio, 4),
            measured.BillingAsked,
            measured.Pace.Speed,
            Math.Round(reports.Sum(report => report.PlayedSeconds), 1),
            seconds);
    }

    private static void Show(IAnsiConsole console, DemoOutput output)
    {
        var table = Tables.New("measured", "").Row("first frame", $"{output.FirstFrameMs} ms").Row("moving", $"{output.BeganMs} ms").Row("stalls", $"{output.Stalls} ({output.StallMs} ms)").Row("failovers", output.Failovers);
        foreach (var (server, bytes) in output.BytesByServer.OrderBy(server => server.Key, StringComparer.Ordinal))
            table.Row($"fetched from {server}", server == output.Killed ? $"{Units.Size(bytes)} (killed)" : Units.Size(bytes));
        table.Row("fetched / content bytes", output.FetchedRatio).Row("copied to all servers after", $"{output.SyncMs} ms").Row("billing asked", output.BillingAsked)
            .Row("merged identical", output.MergedIdentical ? "yes" : "no").Row("all of it took", $"{output.Seconds} s");
        console.Write(table);
        foreach (var failure in output.Failures) console.Sentence(failure);
        console.Sentence(output.Ok ? "The demo succeeded." : "The demo failed.");
    }
}
