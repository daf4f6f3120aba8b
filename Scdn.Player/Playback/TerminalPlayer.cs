using Scdn.Client;
using Scdn.Client.Explaining;
using Scdn.Client.Licences;
using Scdn.Client.Sources;
using Scdn.Client.Storing;
using Scdn.Format;
using Scdn.Media;
using Scdn.Media.Probing;
using Scdn.Media.Tools;
using Scdn.Player.Input;
using Scdn.Player.Reserving;
using Scdn.Player.Sessions;
using Scdn.Player.Sound;
using Scdn.Player.Terminal;

namespace Scdn.Player.Playback;

/// <summary>Shows a content on a terminal until its end, or until the viewer has seen enough.</summary>
/// <param name="tools">Where FFmpeg is.</param>
/// <param name="openSound">Opens what makes sound heard; null where nothing can.</param>
/// <param name="places">Where each content was left.</param>
/// <param name="time">The clock.</param>
internal sealed class TerminalPlayer(FFmpegTools tools, Func<ISoundOutput?> openSound, LeftPlaces places, TimeProvider time)
{
    /// <summary>Pictures are decoded so large: more than the cells of most terminals, so that another size needs no other decoder.</summary>
    private const int DecodeWidth = 480;

    private const int DecodeHeight = 270;

    /// <summary>Where the play is, is kept so often.</summary>
    private static readonly TimeSpan KeptEvery = TimeSpan.FromSeconds(10);

    /// <summary>Plays. A playing that breaks off is a report, too; what prevents it from beginning throws.</summary>
    /// <param name="askToPlay">Asks the site; the time to the first picture counts from here.</param>
    /// <param name="options">How it is fetched.</param>
    /// <param name="at">Where it begins; null: where it was left.</param>
    /// <param name="takeTerminal">Takes the terminal; throws where there is none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<PlaybackReport> PlayAsync(
        Func<CancellationToken, Task<PlayGrant>> askToPlay, NetworkOptions options, TimeSpan? at, Func<TerminalSession> takeTerminal, CancellationToken cancellationToken)
    {
        var log = new PlayLog(time) { Player = "terminal" };
        var asked = time.GetTimestamp();
        var asking = askToPlay(cancellationToken);
        // While the site is asked.
        await using var film = new FilmPlay(tools, new(at ?? TimeSpan.Zero, DecodeWidth, DecodeHeight), openSound, log, time);
        await using var store = asking.IsCompleted || options.Store is not null ? null : PartStore.Open(options);
        var grant = await asking;
        var meter = new PlayMeter(asked, time.GetTimestamp(), time);
        var (begin, isLeft) = BeginOf(at, grant.Header.Content, grant.Limits);
        await using var network = NetworkManager.Start(grant, options with { Store = options.Store ?? store, Log = log, StartAt = begin });
        // It reads from the network, and so ends first.
        await using var reading = film;
        await film.BeginAsync(network, begin);
        return await ShowAsync(film, network, meter, isLeft, isAhead: false, takeTerminal, cancellationToken);
    }

    /// <summary>Plays what is being fetched already.</summary>
    /// <param name="network">Must live longer.</param>
    /// <param name="at">Where it begins; null: where it was left.</param>
    /// <param name="takeTerminal">Takes the terminal; throws where there is none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<PlaybackReport> PlayAsync(NetworkManager network, TimeSpan? at, Func<TerminalSession> takeTerminal, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var (begin, isLeft) = BeginOf(at, network.Content, network.Limits);
        await using var film = new FilmPlay(tools, new(begin, DecodeWidth, DecodeHeight), openSound, network.Log, time);
        await film.BeginAsync(network, begin);
        return await ShowAsync(film, network, new(asked, asked, time), isLeft, isAhead: true, takeTerminal, cancellationToken);
    }

    // Who begins in the middle has sought; who can't, begins at the beginning, if he did not ask for the place.
    private (TimeSpan Begin, bool IsLeft) BeginOf(TimeSpan? at, ContentId content, PlayLimits? limits)
    {
        if (at > TimeSpan.Zero && limits is not null && !limits.TrySeek(out var refusal)) throw new PlayerException(refusal);
        return at is { } asked ? (asked, false) : places.Of(content) is { } left && limits?.TrySeek(out _) is not false ? (left, true) : (TimeSpan.Zero, false);
    }

    private async Task<PlaybackReport> ShowAsync(
        FilmPlay film, NetworkManager network, PlayMeter meter, bool isLeft, bool isAhead, Func<TerminalSession> takeTerminal, CancellationToken cancellationToken)
    {
        using var terminal = takeTerminal();
        using var screen = new PlayScreen(terminal, time);
        var controls = new PlayerControls(film, network.Limits, time);
        if (isLeft) controls.Notify("It goes on where it was left. Home: from the beginning.");
        await using var telling = new LimitTelling(controls.Notify, time);
        if (network.Limits is { } limits) telling.Begin(limits, network.Manifest.Duration);
        // Who had it fetched ahead knows that.
        await using var slow = isAhead ? null : new SlowLine(network, controls.Notify, time);
        terminal.Changed += (_, _) => screen.Redraw();
        try
        {
            await RunAsync(film, network, screen, controls, meter, terminal, cancellationToken);
        }
        finally
        {
            places.Keep(network.Content, film.IsOver && film.Failure is null ? null : film.Clock.Position, network.Times.Duration);
        }

        network.Log.Ended(film.Failure);
        return meter.Report(network, film, screen.Shown);
    }

    private async Task RunAsync(
        FilmPlay film, NetworkManager network, PlayScreen screen, PlayerControls controls, PlayMeter meter, TerminalSession terminal, CancellationToken cancellationToken)
    {
        Task<MediaInfo?>? looking = null;
        var (keptAt, keeping) = (time.GetTimestamp(), Task.CompletedTask);
        while (!film.IsOver && !controls.HasQuit)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ObeyAsync(controls, network, screen, terminal);
            if (film.Due(meter.Late) is { } picture) screen.Show(picture);
            meter.See(film, network, screen.Shown);
            // Not before there is something to see.
            if (meter.HasSeen) looking ??= new MediaProbe(tools).ReadAsync(film.Source, network.Manifest.Length, cancellationToken);
            if (controls.Tracks is null && looking is { IsCompletedSuccessfully: true } && await looking is { } info) controls.Tracks = new(info);
            screen.Draw(film, controls, network, meter.LatePictures);
            if (time.GetElapsedTime(keptAt) > KeptEvery && keeping.IsCompleted)
            {
                var position = film.Clock.Position;
                (keptAt, keeping) = (time.GetTimestamp(), Task.Run(() => places.Keep(network.Content, position, network.Times.Duration), CancellationToken.None));
            }

            await WaitAsync(film, terminal, cancellationToken);
        }

        await keeping;
        // It reads what is played, and must not outlive it.
        if (looking is not null) await ((Task)looking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task ObeyAsync(PlayerControls controls, NetworkManager network, PlayScreen screen, TerminalSession terminal)
    {
        while (terminal.Keys.TryRead(out var key))
        {
            await controls.ActAsync(PlayerKeys.Of(key), network.Times.Duration);
            screen.Refresh();
        }

        await controls.SeekAsync();
    }

    private async Task WaitAsync(FilmPlay film, TerminalSession terminal, CancellationToken cancellationToken)
    {
        var most = PlayScreen.NextGlance(film);
        if (film.UntilNext is { } next && next < most) most = next;
        if (most <= TimeSpan.Zero) return;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var key = terminal.Keys.WaitToReadAsync(enough.Token).AsTask();
        var late = Task.Delay(most, time, enough.Token);
        // While one is here, what else comes is not looked at before it is due.
        await (film.UntilNext is null && film.WaitingFor is not null ? Task.WhenAny(key, late, film.MovedAsync()) : Task.WhenAny(key, late));
        await enough.CancelAsync();
    }
}
