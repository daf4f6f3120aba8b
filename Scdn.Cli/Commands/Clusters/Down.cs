using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Clusters;

/// <summary><c>scdn cluster down</c>: stops what <c>cluster up</c> started.</summary>
internal static class Down
{
    public static Command Create() => new Command("down", "Stops the cluster; what it keeps stays.") { ClusterAccess.Data }.Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        var data = ClusterAccess.DataFolder(context);
        var running = ClusterFile.Find(data)?.Hosts.Where(host => host.Process.IsAlive).ToList() ?? [];
        int killed;
        using (var line = context.Progress("Stopping"))
        {
            line.Show($"{running.Count} hosts");
            killed = await Cluster.StopAsync(running);
        }

        ClusterFile.Remove(data);
        var sentence = running.Count == 0
            ? $"No cluster runs in {data}."
            : $"Stopped {running.Count} hosts{(killed > 0 ? $", {killed} of which had to be killed" : "")}.";
        context.Printer.Result(new ClusterDownOutput(running.Count, killed), CliJson.Lines.ClusterDownOutput, sentence);
    }
}
