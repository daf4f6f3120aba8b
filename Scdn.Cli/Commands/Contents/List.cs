using System.CommandLine;
using Scdn.Cli.Commands.Clusters;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Contents;

/// <summary><c>scdn contents list</c>: everything that is published, and who holds it.</summary>
internal static class List
{
    public static Command Create() => new Command("list", "Lists published contents.").ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var contents = await admin.ContentsAsync(stop);
        context.Printer.Result(contents, CliJson.Lines.IReadOnlyListContentStatus, console => console.Write(ClusterView.Contents(contents)));
    }
}
