using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Servers;

/// <summary><c>scdn server expel</c>: puts a content server out of the cluster.</summary>
internal static class Expel
{
    private static readonly Argument<string> Server = new("SERVER") { Description = "The content server's id, or its name." };

    public static Command Create() => new Command("expel", "Puts a content server out of the cluster; it comes back only with a fresh key and token.") { Server }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var server = Choice.Find(
            await admin.ServersAsync(stop), context.Get(Server), one => one.Id.ToString(), one => one.Name, "content server", "scdn server list");
        await admin.ExpelServerAsync(server.Id, stop);
        context.Printer.Result(new DoneOutput(server.Id.ToString(), "expelled"), CliJson.Lines.DoneOutput, $"Content server {server.Name} ({server.Id}) was expelled.");
    }
}
