using Scdn.Client;
using Scdn.Client.Reserving;
using Scdn.Player.Playback;
using Scdn.Player.Sessions;

namespace Scdn.Player.Reserving;

/// <summary>Fetches a content until it can be watched to the end without a stop, and plays it then.</summary>
internal static class ReservedPlaying
{
    /// <summary>Waits and plays. What was fetched stays, unless it was watched to its end.</summary>
    /// <param name="asking">How it is asked for.</param>
    /// <param name="options">How it is fetched, where it is kept, and where playing begins.</param>
    /// <param name="speed">How many times real time it is played.</param>
    /// <param name="waiting">Told how far it is, four times a second; null when nobody asks.</param>
    /// <param name="play">Plays, once it is ready.</param>
    /// <param name="cancellationToken">Ends it: the same play is gone on with the next time.</param>
    public static async Task<TReport> RunAsync<TReport>(
        PlayAsking asking, NetworkOptions options, double speed, IProgress<ReserveState>? waiting, Func<NetworkManager, Task<TReport>> play, CancellationToken cancellationToken)
        where TReport : FetchReport
    {
        if (asking.ReserveAsync is not { } reserve) throw new PlayerException("What was downloaded plays without waiting: leave --reserve out.");
        var (folder, grant) = await reserve(options.TemporaryRoot, cancellationToken);
        using (folder)
        {
            using var key = grant.Key;
            await using var reservation = Reservation.Begin(folder, grant, options, speed, waiting);
            await reservation.ReadyAsync(cancellationToken);
            var report = (TReport)(await play(reservation.Network) with { Reserve = reservation.Report });
            folder.Played();
            if (report.IsWatched) folder.Watched();
            return report;
        }
    }
}
