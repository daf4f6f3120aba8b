using System.CommandLine;
using Scdn.Cli.Commands.Contents;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Entitlements;

/// <summary><c>scdn entitlement revoke</c>: takes back what was granted.</summary>
internal static class Revoke
{
    private static readonly Argument<string> User = new("USER") { Description = "From whom." };
    private static readonly Argument<string> Content = new("CONTENT") { Description = "The content's title or id." };
    private static readonly Option<string?> Purchase = new("--purchase") { Description = "Only what is known by this (default: all that was granted of the content).", HelpName = "ID" };

    public static Command Create() => new Command("revoke", "Takes back what was granted, at once: what plays by it stops.") { User, Content, Purchase }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var (user, purchase) = (context.Get(User), context.Get(Purchase));
        var content = await ContentNames.FindAsync(admin, context.Get(Content), stop);
        await admin.TakeBackAsync(user, content.Id, purchase, stop);
        context.Printer.Result(
            new DoneOutput(content.Id.ToString(), "revoked"), CliJson.Lines.DoneOutput, $"{(purchase is null ? "All" : $"What purchase {purchase}")} that was granted to {user} of '{content.Title}' was taken back.");
    }
}
