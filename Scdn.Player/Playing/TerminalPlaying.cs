using Scdn.Client;
using Scdn.Client.Sources;
using Scdn.Media.Tools;
using Scdn.Player.Playback;
using Scdn.Player.Sessions;
using Scdn.Player.Sound;
using Scdn.Player.Terminal;

namespace Scdn.Player.Playing;

/// <summary>Shows the content on this terminal, until its end or until the viewer has seen enough.</summary>
/// <param name="choices">What was chosen.</param>
/// <param name="asking">How it is asked for.</param>
/// <param name="begins">Told when the terminal is about to be the film's.</param>
/// <param name="time">The clock.</param>
public sealed class TerminalPlaying(PlayChoices choices, PlayAsking asking, Action begins, TimeProvider time) : PlayWay<PlaybackReport>(choices, asking, tell: null, time)
{
    private const string Otherwise = "give it to another player with --with mpv, vlc, ffplay or url, or decode it with --headless";

    private TerminalPlayer? _player;

    private protected override void LookFirst()
    {
        if (!TerminalSession.IsThere) throw new PlayerException($"There is no terminal here to show it on: {Otherwise}.");
        if (Environment.GetEnvironmentVariable("TERM") is "dumb") throw new PlayerException($"This terminal says that it can only write line after line (TERM is dumb): {Otherwise}.");
        var tools = FFmpegTools.Find();
        // What was named has to be there; what is found by itself may take its time.
        var named = Choices.Sound is { } name ? SoundOutputs.Open(name, tools, Time) : null;
        _player = new(tools, Choices.Sound is null ? () => SoundOutputs.TryFind(tools, Time) : () => named, new(LeftPlaces.DefaultFile, Time), Time);
    }

    private protected override Task<PlaybackReport> PlayAsync(Func<CancellationToken, Task<PlayGrant>> ask, NetworkOptions network, CancellationToken cancellationToken) =>
        _player!.PlayAsync(ask, network, Choices.At, TakeTerminal, cancellationToken);

    private protected override Task<PlaybackReport> PlayAsync(NetworkManager network, CancellationToken cancellationToken) => _player!.PlayAsync(network, Choices.At, TakeTerminal, cancellationToken);

    private TerminalSession TakeTerminal()
    {
        begins();
        return TerminalSession.Begin(TerminalCapabilities.Of(Environment.GetEnvironmentVariable, Choices.Graphics))
            ?? throw new PlayerException("The terminal can't be set up: /bin/sh and stty are needed for that.");
    }
}
