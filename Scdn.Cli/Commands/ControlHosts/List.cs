using System.CommandLine;
using Scdn.Cli.Commands.Clusters;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.ControlHosts;

/// <summary><c>scdn host list</c>: all control hosts.</summary>
internal static class List
{
    public static Command Create() => new Command("list", "Lists control hosts, and whether they answer.").ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var hosts = await admin.HostsAsync(stop);
        context.Printer.Result(hosts, CliJson.Lines.IReadOnlyListHostStatus, console => console.Write(ClusterView.Hosts(hosts)));
    }
}
