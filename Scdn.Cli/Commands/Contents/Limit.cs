using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Contents;

/// <summary><c>scdn contents limit</c>: gives a content limits.</summary>
internal static class Limit
{
    private static readonly Argument<string> Content = new("CONTENT") { Description = "The content's id, or its title." };
    private static readonly Option<string?> Streams = new("--streams") { Description = "How many streams of it may play at the same time, of all users together: a number from 1 to 100, or none (without limit).", HelpName = "N" };
    private static readonly Option<string?> Addresses = new("--addresses") { Description = "From where it may be played, such as 10.0.0.0/8,2001:db8::/32, or none (from anywhere).", HelpName = "RANGES" };

    public static Command Create()
    {
        var command = new Command("limit", "Gives a content limits; what is not named stays as it is.") { Content, Streams, Addresses };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Streams) is null && result.GetValue(Addresses) is null) result.AddError("Say which limit: --streams or --addresses.");
        });
        return command.ForOperators().Runs(RunAsync);
    }

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var content = await ContentNames.FindAsync(admin, context.Get(Content), stop);
        var limits = await admin.LimitContentAsync(content.Id, new(context.Get(Streams), context.Get(Addresses)), stop);
        var text = LimitText.Of(limits);
        context.Printer.Result(limits, CliJson.Lines.ContentLimits, text.Length == 0 ? $"'{content.Title}' has no limits." : $"'{content.Title}' has limits, {text}.");
    }
}
