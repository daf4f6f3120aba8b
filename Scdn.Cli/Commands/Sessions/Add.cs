using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Sessions;

/// <summary><c>scdn session add</c>: opens a session on the operator's word.</summary>
internal static class Add
{
    private static readonly Argument<string> User = new("USER") { Description = "Whose session." };

    public static Command Create() => new Command("add", "Opens a session for a user.") { User }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var session = await admin.AddSessionAsync(new(context.Get(User)), stop);
        context.Printer.Result(session, CliJson.Lines.SessionSummary, console => console.Write(SessionCommand.Draw(session)));
    }
}
