using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Users;

/// <summary><c>scdn user list</c>: accounts, by name.</summary>
internal static class List
{
    private static readonly Option<int> Limit = Paging.LimitOption();
    private static readonly Option<string?> After = Paging.AfterOption();

    public static Command Create() => new Command("list", "Lists accounts, by name.") { Limit, After }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var page = await Paging.GatherAsync(context.Get(After), context.Get(Limit), (after, limit) => admin.UsersAsync(after, limit, stop));
        context.Printer.Result(page, CliJson.Lines.PageUserSummary, console =>
        {
            var table = Tables.New("user", "created", "contents", "limits", "disabled");
            foreach (var user in page.Items) table.Row(user.Name, Units.Instant(user.Created), user.Contents.ToString().ToLowerInvariant(), LimitText.Of(user.Limits), user.Disabled is { } disabled ? Units.Instant(disabled) : "");
            console.Show(table, page);
        });
    }
}
