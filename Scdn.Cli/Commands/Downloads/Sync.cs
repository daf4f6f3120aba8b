using System.CommandLine;
using Scdn.Cli.Output;
using Scdn.Client.Downloads;

namespace Scdn.Cli.Commands.Downloads;

/// <summary><c>scdn downloads sync</c>: hands in what was played without a line.</summary>
internal static class Sync
{
    private static readonly ViewerOptions Viewer = new();

    public static Command Create() => Viewer.AddTo(new Command("sync", "Hands in to the site what was played without a line. 'scdn downloads play' does it by itself when the site answers.")).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        using var device = KnownDownloads.Device();
        var refused = 0;
        foreach (var known in KnownDownloads.List(device, context.Printer.Say))
        {
            using var download = Client.Downloads.Download.Open(known.Folder, device);
            try
            {
                await Viewer.At(context, known.Site).UseAsync(async (site, token) =>
                {
                    await download.HandInAsync(site, giveBack: false, token);
                    return true;
                }, TimeProvider.System, stop);
            }
            catch (DownloadException fault)
            {
                context.Printer.Say($"'{known.Title}': {fault.Message}");
                refused++;
            }
        }

        var now = KnownDownloads.List(device, _ => { });
        context.Printer.Result(now, CliJson.Lines.IReadOnlyListDownloadSummary, $"{Units.Count(now.Count - refused, "download")} handed in.");
        return refused == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
