using System.CommandLine;
using Scdn.Cli.Output;
using Scdn.Format.Wire;

namespace Scdn.Cli.Commands.Sessions;

/// <summary><c>scdn session</c>: viewers' sessions.</summary>
internal static class SessionCommand
{
    public static Command Create() => new("session", "Manages viewers' sessions.") { List.Create(), Add.Create(), Delete.Create(), Validate.Create() };

    /// <summary>Sessions as a table.</summary>
    public static Spectre.Console.Table Draw(params IEnumerable<SessionSummary> sessions)
    {
        var table = Tables.New("session", "user", "opened", "expires", "valid");
        foreach (var session in sessions) table.Row(session.Id, session.User, Units.Instant(session.Opened), Units.Instant(session.Expires), session.Valid ? "yes" : "no");
        return table;
    }
}
