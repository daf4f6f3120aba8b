using System.CommandLine;
using Scdn.Cli.Commands.Clusters;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Servers;

/// <summary><c>scdn server list</c>: all content servers and their load.</summary>
internal static class List
{
    public static Command Create() => new Command("list", "Lists content servers and their load.").ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var servers = await admin.ServersAsync(stop);
        context.Printer.Result(servers, CliJson.Lines.IReadOnlyListServerStatus, console => console.Write(ClusterView.Servers(servers)));
    }
}
