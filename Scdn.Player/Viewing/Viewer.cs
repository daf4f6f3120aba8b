using Scdn.Client;
using Scdn.Client.Licences;
using Scdn.Client.Loopback;

namespace Scdn.Player.Viewing;

/// <summary>Gives a content to another player: on loopback, as an ordinary seekable HTTP file.</summary>
public static class Viewer
{
    /// <summary>What stands for "no player: tell the address".</summary>
    public const string UrlOnly = "url";

    private static readonly TimeSpan LimitLook = TimeSpan.FromMilliseconds(200);

    /// <summary>Serves what is being fetched already until the player ends, or until cancelled when there is none.</summary>
    /// <param name="network">Must live longer.</param>
    /// <param name="player">The player; null only tells the address.</param>
    /// <param name="at">Where it is to begin.</param>
    /// <param name="time">The clock.</param>
    /// <param name="announce">Told the address when it can be opened. It is a secret of this user.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ViewingReport> ServeAsync(
        NetworkManager network, ExternalPlayer? player, TimeSpan at, TimeProvider time, Action<Uri> announce, CancellationToken cancellationToken)
    {
        await using var source = new PlayerSource(network);
        announce(source.Uri);
        int? exitCode = null;
        // A player holds more than it shows: at the end of the licence it is ended.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var ending = time.CreateTimer(_ => EndWhenOver(network.Limits, end), null, LimitLook, LimitLook);
        try
        {
            if (player is not null) exitCode = await player.RunAsync(source.Uri, at, end.Token);
            else await Task.Delay(Timeout.InfiniteTimeSpan, time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Its licence has ended.
        }

        var why = network.Limits is { IsOver: true } over ? over.WhyOver : source.Failure?.Message;
        return new(network, network.Report()) { Player = player?.Name ?? UrlOnly, ExitCode = exitCode, Error = why };
    }

    private static void EndWhenOver(PlayLimits? limits, CancellationTokenSource end)
    {
        if (limits is { IsOver: true }) end.Cancel();
    }
}
