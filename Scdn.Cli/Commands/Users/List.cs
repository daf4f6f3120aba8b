using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Users;

/// <summary><c>scdn user list</c>: all accounts.</summary>
internal static class List
{
    public static Command Create() => new Command("list", "Lists all accounts.").ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var users = await admin.UsersAsync(stop);
        context.Printer.Result(users, CliJson.Lines.IReadOnlyListUserSummary, console =>
        {
            var table = Tables.New("user", "created", "disabled");
            foreach (var user in users) table.Row(user.Name, Units.Instant(user.Created), user.Disabled is { } disabled ? Units.Instant(disabled) : "");
            console.Write(table);
        });
    }
}
