using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Commands.Sessions;

/// <summary><c>scdn session validate</c>: whether a session is valid now.</summary>
internal static class Validate
{
    private static readonly Argument<SessionId> Session = Ids.Argument<SessionId>("SESSION", "The session's id.");

    public static Command Create() => new Command("validate", "Says whether a session is valid; exit code 1 when it is not.") { Session }.ForOperators().Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var session = await admin.ValidateSessionAsync(context.Get(Session), stop);
        context.Printer.Result(session, CliJson.Lines.SessionSummary, console => console.Write(SessionCommand.Draw(session)));
        return session.Valid ? ExitCode.Done : ExitCode.Failed;
    }
}
