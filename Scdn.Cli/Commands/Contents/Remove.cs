using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Contents;

/// <summary><c>scdn contents remove</c>: withdraws a content.</summary>
internal static class Remove
{
    private static readonly Argument<string> Content = new("CONTENT") { Description = "The content's id, or its title." };

    public static Command Create() => new Command("remove", "Withdraws a content from all servers.") { Content }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var content = await ContentNames.FindAsync(admin, context.Get(Content), stop);
        await admin.RemoveContentAsync(content.Id, stop);
        context.Printer.Result(new DoneOutput(content.Id.ToString(), "withdrawn"), CliJson.Lines.DoneOutput, $"'{content.Title}' ({content.Id}) was withdrawn.");
    }
}
