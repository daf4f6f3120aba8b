using Scdn.Client.Downloads;
using Scdn.Client.Sessions;
using Scdn.Format;
using Scdn.Player.Sessions;

namespace Scdn.Cli.Commands.Downloads;

/// <summary>Hands in what was played without a line whenever a command talks to the site for another reason. What can't be handed in waits for the next contact.</summary>
internal static class HandingIn
{
    /// <summary>How long it may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>At a site where somebody has signed in, beside whatever else is done there.</summary>
    /// <param name="opening">How somebody did.</param>
    /// <param name="tell">Told what the site does not accept any more.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task TryAsync(SessionOpening opening, Action<string> tell, CancellationToken stop)
    {
        if (!KnownDownloads.Any) return;
        using var device = KnownDownloads.Device();
        if (!Waiting(opening.Site, device).Any()) return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        var kept = opening with { SignInAnew = false, AskPassword = (_, _) => throw new CliException("Nobody is signed in.") };
        try
        {
            await kept.UseAsync(
                async (site, token) =>
                {
                    await AtAsync(site, device, tell, token);
                    return true;
                },
                TimeProvider.System,
                patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The next contact does it.
        }
        catch (Exception fault) when (fault is ScdnException or CliException)
        {
            // Nobody is signed in any more, or the site is away.
        }
    }

    /// <summary>At a site that was signed in to.</summary>
    public static async Task AtAsync(SiteClient site, DeviceKey device, Action<string> tell, CancellationToken stop)
    {
        if (!KnownDownloads.Any) return;
        foreach (var waiting in Waiting(site.Session.Site, device).Where(one => one.User == site.Session.User))
        {
            try
            {
                using var download = Client.Downloads.Download.Open(waiting.Folder, device);
                await download.HandInAsync(site, giveBack: false, stop);
            }
            catch (DownloadException fault)
            {
                // It is played just now, and hands in by itself; or it is worth nothing any more, which is better known before it is wanted.
                if (Client.Downloads.Download.Look(waiting.Folder, device).Over is not null) tell($"'{waiting.Title}': {fault.Message}");
            }
            catch (SiteException)
            {
                // The next contact does it.
            }
        }
    }

    private static IEnumerable<DownloadSummary> Waiting(Uri site, DeviceKey device) => KnownDownloads.List(device, _ => { }).Where(one => one is { Receipts: > 0, Over: null } && one.Site == site);
}
