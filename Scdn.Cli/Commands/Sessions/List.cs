using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Sessions;

/// <summary><c>scdn session list</c>: sessions, the newest first.</summary>
internal static class List
{
    private static readonly Option<string?> User = new("--user") { Description = "Only sessions of this user.", HelpName = "NAME" };
    private static readonly Option<bool> All = new("--all") { Description = "Those that have ended or expired, too." };
    private static readonly Option<int> Limit = Paging.LimitOption();
    private static readonly Option<string?> After = Paging.AfterOption();

    public static Command Create() => new Command("list", "Lists valid sessions, the newest first.") { User, All, Limit, After }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var state = context.Get(All) ? "all" : "live";
        var page = await Paging.GatherAsync(context.Get(After), context.Get(Limit), (after, limit) => admin.SessionsAsync(context.Get(User), state, after, limit, stop));
        context.Printer.Result(page, CliJson.Lines.PageSessionSummary, console => console.Show(SessionCommand.Draw(page.Items), page));
    }
}
