using Scdn.Client;
using Scdn.Client.Connections;
using Scdn.Client.Reserving;
using Scdn.Client.Sources;
using Scdn.Client.Storing;
using Scdn.Player.Playback;
using Scdn.Player.Reserving;
using Scdn.Player.Sessions;

namespace Scdn.Player.Playing;

/// <summary>A way to play: what all ways do before and around it.</summary>
/// <param name="choices">What was chosen.</param>
/// <param name="asking">How it is asked for.</param>
/// <param name="tell">Told, in a sentence, what a viewer should know before and while it plays; null: the way tells it by itself.</param>
/// <param name="time">The clock.</param>
public abstract class PlayWay<TReport>(PlayChoices choices, PlayAsking asking, Action<string>? tell, TimeProvider time)
    where TReport : FetchReport
{
    /// <summary>What was chosen.</summary>
    protected PlayChoices Choices { get; } = choices;

    /// <summary>Told what a viewer should know; null: the way tells it by itself.</summary>
    private protected Action<string>? Tell { get; } = tell;

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>Plays.</summary>
    /// <param name="waiting">Told how far a reservation is, four times a second; null when nobody asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PlayerException">It can't be played in this way, or what was named is not there.</exception>
    public async Task<TReport> RunAsync(IProgress<ReserveState>? waiting, CancellationToken cancellationToken)
    {
        // Before anything is asked for: a play that can't be seen is not to be counted.
        LookFirst();
        await using var telling = Tell is null ? null : new LimitTelling(Tell, Time);
        var told = telling?.Of(asking) ?? asking;
        using var connections = new ContentConnections();
        var network = Choices.Network with { Connections = connections, Time = Time };
        if (Choices.IsReserved) return await ReserveAsync(told, network, waiting, cancellationToken);
        // What is made ready must outlive that.
        await using var store = Choices.Readiness is Readiness.Head || asking.IsChosen ? PartStore.Open(network) : null;
        network = network with { Store = store };
        await PrepareAsync(network, cancellationToken);
        await using var early = IsPrepared ? null : new EarlyConnections(asking, network);
        return await PlayAsync(told.AskAsync, network, cancellationToken);
    }

    /// <summary>Finds what prevents it.</summary>
    /// <exception cref="PlayerException">Something does.</exception>
    private protected abstract void LookFirst();

    /// <summary>Asks, and plays.</summary>
    private protected abstract Task<TReport> PlayAsync(Func<CancellationToken, Task<PlayGrant>> ask, NetworkOptions network, CancellationToken cancellationToken);

    /// <summary>Plays what is being fetched already, and lives longer.</summary>
    private protected abstract Task<TReport> PlayAsync(NetworkManager network, CancellationToken cancellationToken);

    private bool IsPrepared => Choices.Readiness is not Readiness.None || asking.IsChosen;

    private async Task PrepareAsync(NetworkOptions network, CancellationToken cancellationToken)
    {
        if (IsPrepared && asking.PrepareAsync is { } prepare) await prepare(Choices.Readiness, network, cancellationToken);
    }

    private async Task<TReport> ReserveAsync(PlayAsking told, NetworkOptions network, IProgress<ReserveState>? waiting, CancellationToken cancellationToken)
    {
        if (asking.IsChosen)
        {
            await using var chosenWith = PartStore.Open(network);
            await PrepareAsync(network with { Store = chosenWith }, cancellationToken);
        }

        if (!Choices.NamesSockets) network = network with { Sockets = Reservation.Sockets };
        return await ReservedPlaying.RunAsync(told, network with { StartAt = Choices.At ?? TimeSpan.Zero }, Choices.Speed, waiting, reserved => PlayAsync(reserved, cancellationToken), cancellationToken);
    }
}
