using System.CommandLine;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Reservations;

/// <summary><c>scdn reservations list</c>: what was reserved, and how much of it is here.</summary>
internal static class List
{
    private static readonly Option<DirectoryInfo?> Place = ReservedPlace.Option();

    public static Command Create() => new Command("list", "Lists what was reserved and was not watched to its end, and how much of it is here.") { Place }.Runs(Run);

    private static Task Run(CommandContext context, CancellationToken stop)
    {
        var reserved = ReservedPlace.List(context, Place);
        context.Printer.Result(reserved, CliJson.Lines.IReadOnlyListReservedSummary, console =>
        {
            var table = Tables.New("title", "here", "of", "under way", "content", "folder");
            foreach (var one in reserved) table.Row(one.Title, Units.Size(one.HeldBytes), Units.Size(one.AllBytes), one.IsUnderWay ? "yes" : "no", one.Content, one.Folder);
            console.Write(table);
        });
        return Task.CompletedTask;
    }
}
