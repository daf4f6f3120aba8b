using System.CommandLine;
using Scdn.Cli.Commands.Contents;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Entitlements;

/// <summary><c>scdn entitlement grant</c>: lets a user play a content.</summary>
internal static class Grant
{
    private static readonly Argument<string> User = new("USER") { Description = "To whom." };
    private static readonly Argument<string> Content = new("CONTENT") { Description = "The content's title or id." };

    private static readonly Option<int?> Plays = new("--plays")
    {
        Description = "For how many plays in all, those that were begun included (default: without limit).", HelpName = "N", Validators = { Numbers.Between(1, 1_000_000) },
    };

    private static readonly Option<DateTimeOffset?> Until = new("--until") { Description = "Until when, such as 2030-12-31T23:59Z (default: without end).", HelpName = "TIME" };

    private static readonly Option<int?> Streams = new("--streams")
    {
        Description = "For how many streams at the same time (default: as many as the account may, which is a limit besides).", HelpName = "N", Validators = { Numbers.Between(1, 100) },
    };

    private static readonly Option<int?> Seeks = new("--seeks")
    {
        Description = "For how many seeks in all its plays together, 0 for none (default: without limit): played by scdn's own players only, which count them.", HelpName = "N", Validators = { Numbers.Between(0, 1_000_000) },
    };

    private static readonly Option<string?> Purchase = new("--purchase")
    {
        Description = "What it is known by, such as an order's number; another one is granted on top (default: the operator's own, of which there is one).", HelpName = "ID",
    };

    public static Command Create() =>
        new Command("grant", "Lets a user play a content, or changes what was granted: the same again changes nothing.") { User, Content, Plays, Until, Streams, Seeks, Purchase }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var content = await ContentNames.FindAsync(admin, context.Get(Content), stop);
        var granted = await admin.GrantAsync(context.Get(User), content.Id, new(context.Get(Plays), context.Get(Until), context.Get(Streams), context.Get(Purchase), context.Get(Seeks)), stop);
        context.Printer.Result(granted, CliJson.Lines.EntitlementSummary, $"{granted.User} may play '{content.Title}': {EntitlementCommand.Left(granted)}.");
    }
}
