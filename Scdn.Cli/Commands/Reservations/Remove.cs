using System.CommandLine;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Client.Reserving;

namespace Scdn.Cli.Commands.Reservations;

/// <summary><c>scdn reservations remove</c>: gives up what was reserved.</summary>
internal static class Remove
{
    private static readonly Argument<string> Content = new("CONTENT") { Description = "Its title or id." };
    private static readonly Option<DirectoryInfo?> Place = ReservedPlace.Option();

    public static Command Create() => new Command("remove", "Gives up what was reserved: removes what was fetched. The play that it counted as stays counted.") { Content, Place }.Runs(Run);

    private static Task Run(CommandContext context, CancellationToken stop)
    {
        var reserved = Choice.Find(ReservedPlace.List(context, Place), context.Get(Content), one => one.Content.ToString(), one => one.Title, "reservation", "scdn reservations list");
        ReservedFolder.Remove(reserved);
        context.Printer.Result(new DoneOutput(reserved.Content.ToString(), "removed"), CliJson.Lines.DoneOutput, $"'{reserved.Title}' was removed from {reserved.Folder}.");
        return Task.CompletedTask;
    }
}
