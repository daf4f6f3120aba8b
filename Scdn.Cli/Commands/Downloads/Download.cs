using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Client;
using Scdn.Client.Downloads;
using Scdn.Player.Sessions;

namespace Scdn.Cli.Commands.Downloads;

/// <summary><c>scdn download</c>: takes a content along, to be played without a line.</summary>
internal static class Download
{
    private static readonly Argument<string> Content = new("CONTENT") { Description = "The content's title or id." };
    private static readonly Option<DirectoryInfo?> To = new("--to") { Description = "Folder for it, empty or not there yet (default: one in the user's data).", HelpName = "DIR" };
    private static readonly Option<int?> Plays = new("--plays") { Description = "How many plays to take along (default: all that are left).", HelpName = "N", Validators = { Numbers.Where(value => value >= 1, "1 or more") } };
    private static readonly ViewerOptions Viewer = new();

    public static Command Create() => Viewer.AddTo(new Command("download", "Downloads a content, to be played without a line. The same again goes on after an interruption.") { Content, To, Plays }).ForViewers().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var device = KnownDownloads.Device();
        var done = await Viewer.At(context, ClusterAccess.ControlUri(context)).UseAsync(async (site, token) =>
        {
            var content = await SessionOpening.FindAsync(site, context.Get(Content), token);
            var folder = context.Get(To)?.FullName ?? KnownDownloads.DefaultFolder(content);
            context.OnInterrupted = $"Interrupted; what is here is kept in {folder}: run it again to go on.";
            await HandingIn.AtAsync(site, device, context.Printer.Say, token);
            using var line = context.Progress("Downloading");
            KnownDownloads.Add(folder);
            try
            {
                return await new Downloader(site, device, new NetworkOptions()).RunAsync(content, context.Get(Plays), folder, new Told<DownloadProgress>(at => line.Show(at.Here, at.All, at.Before)), token);
            }
            finally
            {
                // What was refused is nothing to know of.
                if (!Client.Downloads.Download.IsBegunIn(folder)) KnownDownloads.Forget(folder);
            }
        }, TimeProvider.System, stop);
        context.Printer.Result(done, CliJson.Lines.DownloadSummary, $"'{done.Title}' is in {done.Folder}: {DownloadsCommand.Left(done)}. Play it with 'scdn downloads play'.");
    }
}
