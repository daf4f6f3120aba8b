using System.CommandLine;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Downloads;

/// <summary><c>scdn downloads list</c>: what was downloaded, and what is left of it.</summary>
internal static class List
{
    public static Command Create() => new Command("list", "Lists what was downloaded, and what is left of it.").Runs(Run);

    private static Task Run(CommandContext context, CancellationToken stop)
    {
        using var device = KnownDownloads.Device();
        var downloads = KnownDownloads.List(device, context.Printer.Say);
        context.Printer.Result(downloads, CliJson.Lines.IReadOnlyListDownloadSummary, console =>
        {
            var table = Tables.New("title", "left", "to hand in", "folder");
            foreach (var one in downloads) table.Row(one.Title, DownloadsCommand.Left(one), one.Receipts, one.Folder);
            console.Write(table);
        });
        return Task.CompletedTask;
    }
}
