using System.CommandLine;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Downloads;

/// <summary><c>scdn downloads remove</c>: removes what was downloaded, and gives back what was not played.</summary>
internal static class Remove
{
    private static readonly Argument<string> Content = new("CONTENT") { Description = "Its title, id or folder." };
    private static readonly Option<bool> WithoutSite = new("--without-site") { Description = "Remove it although the site can't be asked: plays that are left are lost." };
    private static readonly ViewerOptions Viewer = new();

    public static Command Create() => Viewer.AddTo(new Command("remove", "Removes what was downloaded, and gives the plays that are left back to the account.") { Content, WithoutSite }).Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        if (context.Get(WithoutSite) && KnownDownloads.IsGone(context.Get(Content)!))
        {
            var gone = Path.GetFullPath(context.Get(Content)!);
            KnownDownloads.Forget(gone);
            context.Printer.Result(new DoneOutput(gone, "forgotten"), CliJson.Lines.DoneOutput, $"{gone} is forgotten.");
            return;
        }

        using var device = KnownDownloads.Device();
        using var download = Client.Downloads.Download.Open(KnownDownloads.Find(context.Get(Content), device), device);
        var known = download.Summary;
        if (!context.Get(WithoutSite) && known.Over is null)
        {
            await Viewer.At(context, known.Site).UseAsync(async (site, token) =>
            {
                await download.HandInAsync(site, giveBack: true, token);
                return true;
            }, TimeProvider.System, stop);
        }

        download.Remove();
        KnownDownloads.Forget(known.Folder);
        context.Printer.Result(new DoneOutput(known.Content.ToString(), "removed"), CliJson.Lines.DoneOutput, $"'{known.Title}' was removed from {known.Folder}.");
    }
}
