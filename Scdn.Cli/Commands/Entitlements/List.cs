using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Entitlements;

/// <summary><c>scdn entitlement list</c>: what was granted.</summary>
internal static class List
{
    private static readonly Argument<string?> User = new("USER") { Description = "To whom (default: to all).", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<int> Limit = Paging.LimitOption();
    private static readonly Option<string?> After = Paging.AfterOption();

    public static Command Create() => new Command("list", "Lists what was granted and what is left of it.") { User, Limit, After }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var page = await Paging.GatherAsync(context.Get(After), context.Get(Limit), (after, limit) => admin.EntitlementsAsync(context.Parsed.GetValue(User), after, limit, stop));
        var titles = (await admin.ContentsAsync(stop)).ToDictionary(content => content.Id, content => content.Title);
        context.Printer.Result(page, CliJson.Lines.PageEntitlementSummary, console =>
        {
            var table = Tables.New("user", "content", "purchase", "plays", "until", "streams", "seeks", "left in all");
            foreach (var one in page.Items)
            {
                foreach (var grant in one.Grants)
                {
                    table.Row(
                        one.User, titles.GetValueOrDefault(one.Content, one.Content.ToString()), grant.Purchase ?? "", grant.Plays is { } plays ? $"{grant.Played} of {plays}" : $"{grant.Played}",
                        grant.Until is { } until ? Units.Instant(until) : "", grant.Streams?.ToString() ?? "", grant.Seeks is { } seeks ? $"{grant.Sought} of {seeks}" : "", grant.TakenBack is null ? EntitlementCommand.Left(one) : "taken back");
                }
            }

            console.Show(table, page);
        });
    }
}
