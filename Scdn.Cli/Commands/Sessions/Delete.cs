using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Format;

namespace Scdn.Cli.Commands.Sessions;

/// <summary><c>scdn session delete</c>: ends a session, or all of a user's.</summary>
internal static class Delete
{
    private static readonly Argument<SessionId> Session = Ids.Argument<SessionId>("SESSION", "The session's id.");
    private static readonly Option<string?> User = new("--user") { Description = "End all sessions of this user instead.", HelpName = "NAME" };

    public static Command Create()
    {
        Session.Arity = ArgumentArity.ZeroOrOne;
        var command = new Command("delete", "Ends a session, or all of a user's; what plays by it stops.") { Session, User };
        command.Validators.Add(result =>
        {
            if ((result.GetResult(Session) is { Tokens.Count: > 0 }) == (result.GetValue(User) is not null)) result.AddError("Name either a session or, with --user, a user.");
        });
        return command.ForOperators().Runs(RunAsync);
    }

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        if (context.Get(User) is { } user)
        {
            var all = await admin.EndSessionsAsync(user, stop);
            context.Printer.Result(all, CliJson.Lines.EndedSessions, $"{Units.Count(all.Ended, "session")} of {user} {(all.Ended == 1 ? "was" : "were")} ended.");
            return;
        }

        var session = context.Get(Session);
        await admin.DeleteSessionAsync(session, stop);
        context.Printer.Result(new DoneOutput(session.ToString(), "ended"), CliJson.Lines.DoneOutput, $"Session {session} was ended.");
    }
}
