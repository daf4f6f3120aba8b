using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Commands.Sessions;

/// <summary><c>scdn session delete</c>: ends a session.</summary>
internal static class Delete
{
    private static readonly Argument<SessionId> Session = Ids.Argument<SessionId>("SESSION", "The session's id.");

    public static Command Create() => new Command("delete", "Ends a session; no further key is issued for it.") { Session }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var session = context.Get(Session);
        await admin.DeleteSessionAsync(session, stop);
        context.Printer.Result(new DoneOutput(session.ToString(), "ended"), CliJson.Lines.DoneOutput, $"Session {session} was ended.");
    }
}
