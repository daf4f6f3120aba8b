using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Sessions;

/// <summary><c>scdn session list</c>: all sessions.</summary>
internal static class List
{
    public static Command Create() => new Command("list", "Lists all sessions.").ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var sessions = await admin.SessionsAsync(stop);
        context.Printer.Result(sessions, CliJson.Lines.IReadOnlyListSessionSummary, console => console.Write(SessionCommand.Draw(sessions)));
    }
}
