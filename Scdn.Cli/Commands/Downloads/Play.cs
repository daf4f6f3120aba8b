using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Client.Downloads;
using Scdn.Client.Sessions;
using Scdn.Player;

namespace Scdn.Cli.Commands.Downloads;

/// <summary><c>scdn downloads play</c>: plays what was downloaded, with or without a line.</summary>
internal static class Play
{
    /// <summary>How long a site may take to answer before it is played without it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How often is noted, while it plays, what time it is.</summary>
    private static readonly TimeSpan Noted = TimeSpan.FromMinutes(1);

    private static readonly PlayCommand Player = new(mayChoose: false);

    public static Command Create()
    {
        var command = new Command("play", "Plays what was downloaded: named by its title, its id or its folder. Counts as one play, at once.");
        Player.AddTo(command);
        return command.WithTrust().Runs(RunAsync);
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var choices = Player.Read(context.Parsed);
        using var device = KnownDownloads.Device();
        using var download = Client.Downloads.Download.Open(KnownDownloads.Find(choices.Content!, device), device);
        await TryHandInAsync(context, download, device, stop);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var noting = NoteTimeAsync(download, over.Token);
        try
        {
            return await Playing.PlayRunning.RunAsync(context, choices, new(_ => Task.FromResult(download.Play(choices.CountsSeeks, TimeProvider.System))), stop);
        }
        finally
        {
            await over.CancelAsync();
            await noting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Hands in what was played before when the site happens to be there; what the site does not accept any more is not played.</summary>
    private static async Task TryHandInAsync(CommandContext context, Client.Downloads.Download download, DeviceKey device, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            var nobody = new CliException("Nobody is signed in.");
            var opening = Player.Opening(context.Parsed, download.Summary.Site, ClusterAccess.NamedTrust(context), (file, user, token) => file is null ? throw nobody : Passwords.ReadAsync(file, user, repeat: false, token));
            await opening.UseAsync(async (site, token) =>
            {
                await download.HandInAsync(site, giveBack: false, token);
                await HandingIn.AtAsync(site, device, context.Printer.Say, token);
                return true;
            }, TimeProvider.System, patience.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // No line: the next contact does it.
        }
        catch (Exception fault) when (fault is SiteException or PlayerException or CliException)
        {
            // Nobody is signed in, or the site is away.
        }
    }

    private static async Task NoteTimeAsync(Client.Downloads.Download download, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Noted);
        while (await timer.WaitForNextTickAsync(stop)) download.See(TimeProvider.System.GetUtcNow());
    }
}
