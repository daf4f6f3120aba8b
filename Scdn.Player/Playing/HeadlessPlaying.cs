using Scdn.Client;
using Scdn.Client.Sources;
using Scdn.Media.Tools;
using Scdn.Player.Playback;
using Scdn.Player.Sessions;

namespace Scdn.Player.Playing;

/// <summary>Plays without a screen.</summary>
/// <param name="choices">What was chosen.</param>
/// <param name="asking">How it is asked for.</param>
/// <param name="progress">Told how far the play is; null when nobody asks.</param>
/// <param name="tell">Told, in a sentence, what a viewer should know.</param>
/// <param name="time">The clock.</param>
public sealed class HeadlessPlaying(PlayChoices choices, PlayAsking asking, IProgress<PlaybackProgress>? progress, Action<string> tell, TimeProvider time) : PlayWay<PlaybackReport>(choices, asking, tell, time)
{
    private readonly HeadlessPlayer _player = new(FFmpegTools.Find(), time);

    private protected override void LookFirst()
    {
    }

    private protected override Task<PlaybackReport> PlayAsync(Func<CancellationToken, Task<PlayGrant>> ask, NetworkOptions network, CancellationToken cancellationToken) =>
        _player.PlayAsync(ask, OptionsFor(network) with { Tell = Tell }, progress, cancellationToken);

    private protected override Task<PlaybackReport> PlayAsync(NetworkManager network, CancellationToken cancellationToken) =>
        _player.PlayAsync(network, OptionsFor(Choices.Network), progress, cancellationToken);

    private PlaybackOptions OptionsFor(NetworkOptions network) => new() { Network = network, At = Choices.At ?? TimeSpan.Zero, Speed = Choices.Speed, Duration = Choices.Duration };
}
