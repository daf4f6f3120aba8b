using Scdn.Client;
using Scdn.Client.Explaining;
using Scdn.Client.Sources;
using Scdn.Client.Storing;
using Scdn.Player.Reserving;
using Scdn.Player.Sessions;
using Scdn.Player.Viewing;

namespace Scdn.Player.Playing;

/// <summary>Gives the content to another player until that ends; with none, only tells the address, until it is cancelled.</summary>
/// <param name="choices">What was chosen.</param>
/// <param name="asking">How it is asked for.</param>
/// <param name="announce">Told the address when it can be opened. It is a secret of this user.</param>
/// <param name="tell">Told, in a sentence, what a viewer should know.</param>
/// <param name="time">The clock.</param>
public sealed class OtherPlaying(PlayChoices choices, PlayAsking asking, Action<Uri> announce, Action<string> tell, TimeProvider time) : PlayWay<ViewingReport>(choices, asking, tell, time)
{
    private readonly ExternalPlayer? _player = ExternalPlayer.Named(choices.With);

    private TimeSpan At => Choices.At ?? TimeSpan.Zero;

    private protected override void LookFirst()
    {
        if (_player is { IsInstalled: false }) throw _player.Missing();
    }

    private protected override async Task<ViewingReport> PlayAsync(Func<CancellationToken, Task<PlayGrant>> ask, NetworkOptions network, CancellationToken cancellationToken)
    {
        var log = new PlayLog(Time) { Player = _player?.Name ?? Viewer.UrlOnly };
        var asked = ask(cancellationToken);
        // While the site is asked; for what was taken along nobody is, and no store is needed.
        await using var store = asked.IsCompleted || network.Store is not null ? null : PartStore.Open(network);
        await using var manager = NetworkManager.Start(await asked, network with { StartAt = At, Store = network.Store ?? store, Log = log });
        await using var slow = Tell is { } told ? new SlowLine(manager, told, Time) : null;
        return await PlayAsync(manager, cancellationToken);
    }

    private protected override Task<ViewingReport> PlayAsync(NetworkManager network, CancellationToken cancellationToken) => Viewer.ServeAsync(network, _player, At, Time, announce, cancellationToken);
}
