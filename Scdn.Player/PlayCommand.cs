using System.CommandLine;
using Scdn.Client;
using Scdn.Client.Connections;
using Scdn.Client.Explaining;
using Scdn.Client.Reserving;
using Scdn.Client.Storing;
using Scdn.Format;
using Scdn.Media.Tools;
using Scdn.Player.Playback;
using Scdn.Player.Reserving;
using Scdn.Player.Sessions;
using Scdn.Player.Sound;
using Scdn.Player.Terminal;
using Scdn.Player.Viewing;

namespace Scdn.Player;

/// <summary>What <c>scdn play</c> and <c>scdn-player</c> share: their argument, their options, and what they do with them.</summary>
/// <param name="mayChoose">Whether the content may be left out, and is chosen from a list then.</param>
public sealed class PlayCommand(bool mayChoose)
{
    private readonly Argument<string?> _content = new("CONTENT")
    {
        Description = mayChoose ? "The content's id or title; left out on a terminal, it is chosen from a list." : "The content's id or title.",
        Arity = mayChoose ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };

    private readonly SessionOptions _session = new();
    private readonly Option<bool> _headless = new("--headless") { Description = "Decode without a screen, and report what was measured." };
    private readonly Option<string?> _with = new("--with") { Description = "Give it to another player: mpv, vlc or ffplay; url only tells the address.", HelpName = "PLAYER" };
    private readonly Option<string?> _sound = new("--sound") { Description = $"What makes it heard on this terminal: alsa, alsa:DEVICE, {string.Join(", ", FFmpegOutput.Devices)} or none (default: the first that works).", HelpName = "OUTPUT" };
    private readonly Option<TerminalGraphics?> _graphics = new("--graphics") { Description = "How pictures are drawn on this terminal: blocks, sixel or kitty (default: as it says it can).", HelpName = "WAY" };
    private readonly Option<TimeSpan> _at = new("--at") { Description = "Where to begin, such as 00:10:00 (default: on a terminal where it was left, else the beginning).", HelpName = "TIME" };
    private readonly Option<double> _speed = new("--speed") { Description = "Times real time, with --headless.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<TimeSpan?> _duration = new("--duration") { Description = "How much to play, with --headless (default: to the end).", HelpName = "TIME" };
    private readonly Option<double> _readAhead = new("--read-ahead") { Description = "Seconds of play that are fetched ahead.", HelpName = "SECONDS", DefaultValueFactory = _ => 30 };
    private readonly Option<int?> _sockets = new("--sockets") { Description = $"Sockets that fetch at the same time (default: {new NetworkOptions().Sockets}, and more while they bring more).", HelpName = "N" };
    private readonly Option<string[]> _mirrors = new("--mirror") { Description = "A plain HTTP server that holds the parts as files, used beside the content servers and shown no key; may be given several times.", HelpName = "URL" };
    private readonly Option<DirectoryInfo?> _temporary = new("--temp") { Description = "Where what is fetched is kept until the last player there ends (default: the user's cache folder).", HelpName = "DIR" };
    private readonly Option<long?> _storeSize = new("--store-size")
    {
        Description = "How much is kept there at most, such as 500MiB (default: 2GiB).",
        HelpName = "SIZE",
        CustomParser = result => SizeBytes.Between(PartStore.LeastSizeBytes, PartStore.MostSizeBytes)(result),
    };

    private readonly Option<Readiness> _prepare = new("--prepare") { Description = "What is made ready before the play is asked for, as while a viewer looks at the list, with --headless: none, connections or head.", HelpName = "WHAT" };

    private readonly Option<bool> _reserve = new("--reserve") { Description = "On a line that is too slow: fetch ahead, say when it can be watched to the end without a stop, and begin then. Run again, it goes on where it was." };

    /// <summary>Gives a command the argument and the options.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_content);
        foreach (var option in (Option[])[.. _session.All, _headless, _with, _sound, _graphics, _at, _speed, _duration, _readAhead, _sockets, _mirrors, _temporary, _storeSize, _prepare]) command.Options.Add(option);
        // What was downloaded needs no line.
        if (mayChoose) command.Options.Add(_reserve);
        command.Validators.Add(result =>
        {
            if (mayChoose && result.GetValue(_reserve) && result.GetResult(_storeSize) is not null) result.AddError("--reserve keeps all of it: leave --store-size out.");
            if (result.GetValue(_headless) && result.GetValue(_with) is not null) result.AddError("Say how to play: either --headless, or --with mpv, vlc, ffplay or url, or neither to see it on this terminal.");
            if (result.GetValue(_sound) is { } output && !SoundOutputs.IsKnown(output)) result.AddError($"'{output}' is no output for sound that is known: use alsa, alsa:DEVICE, {string.Join(", ", FFmpegOutput.Devices)} or none.");
            if (result.GetValue(_with) is { } name && name != Viewer.UrlOnly && PlayerNamed(name) is null) result.AddError($"'{name}' is not a player that is known: use mpv, vlc, ffplay or url.");
            // A default is not there yet when this is asked: only what was typed is looked at.
            if (result.GetResult(_speed) is not null && result.GetValue(_speed) is not (> 0 and <= 1000)) result.AddError("--speed must be above 0 and at most 1000.");
            if (result.GetResult(_readAhead) is not null && result.GetValue(_readAhead) is not (>= 0 and <= 86_400)) result.AddError("--read-ahead must be 0 to 86400 seconds.");
            if (result.GetResult(_sockets) is not null && result.GetValue(_sockets) is not (>= 1 and <= NetworkOptions.SocketLimit)) result.AddError($"--sockets must be 1 to {NetworkOptions.SocketLimit}.");
            if (result.GetValue(_mirrors) is { } mirrors && !mirrors.All(text => MirrorAddress.TryParse(text, out _))) result.AddError($"--mirror must be {MirrorAddress.Takes}.");
            if (result.GetValue(_at) < TimeSpan.Zero) result.AddError("--at can't be before the beginning.");
        });
    }

    /// <summary>What was named to be played; null: it is to be chosen.</summary>
    public string? Content(ParseResult parsed) => parsed.GetValue(_content);

    /// <summary>Finds the viewer's session, or opens one, as the options say.</summary>
    public SessionOpening Opening(ParseResult parsed, Uri site, SiteTrust trust, Func<FileInfo?, string, CancellationToken, Task<string>> askPassword) => _session.Read(parsed, site, trust, askPassword);

    /// <summary>How what was named, or what is chosen, is asked for.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="opening">Of <see cref="Opening"/>.</param>
    /// <param name="screen">Where a list to choose from goes.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="PlayerException">Nothing was named, and there is no terminal to choose on.</exception>
    public PlayAsking Asking(ParseResult parsed, SessionOpening opening, TextWriter screen, TimeProvider time)
    {
        opening.Dial(time);
        opening = opening with { CountsSeeks = CountsSeeks(parsed) };
        return Content(parsed) is { } content ? opening.AskFor(content, time) : opening.AskForChoice(ContentChoice.OnTerminal(screen), time);
    }

    /// <summary>Whether it is to be waited until it can be watched to the end without a stop.</summary>
    public bool IsReserved(ParseResult parsed) => mayChoose && parsed.GetValue(_reserve);

    /// <summary>What an interruption leaves behind, for people.</summary>
    public string LeftBehind(ParseResult parsed) => IsReserved(parsed)
        ? $"what was fetched is kept in {RootOf(parsed)}: run it again with --reserve to go on, or give it up with 'scdn reservations remove'."
        : "nothing was left behind.";

    /// <summary>Whether the content is to be decoded without a screen, not given to another player.</summary>
    public bool IsHeadless(ParseResult parsed) => parsed.GetValue(_headless);

    /// <summary>Whether the player that is meant asks for each seek whether one is left: another program's seeks can't be told from how it reads.</summary>
    public bool CountsSeeks(ParseResult parsed) => IsHeadless(parsed) || IsShown(parsed);

    /// <summary>Plays without a screen.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="asking">Of <see cref="Asking"/>.</param>
    /// <param name="waiting">Told how far a reservation is, four times a second; null when nobody asks.</param>
    /// <param name="progress">Told how far the play is; null when nobody asks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<PlaybackReport> PlayHeadlessAsync(
        ParseResult parsed, PlayAsking asking, IProgress<ReserveState>? waiting, IProgress<PlaybackProgress>? progress, TimeProvider time, CancellationToken cancellationToken)
    {
        using var connections = new ContentConnections();
        var network = NetworkOptionsOf(parsed, connections, time);
        if (IsReserved(parsed)) return await ReserveHeadlessAsync(parsed, asking, network, waiting, progress, cancellationToken);
        var readiness = parsed.GetValue(_prepare);
        // What is made ready must outlive that.
        await using var store = readiness is Readiness.Head || asking.IsChosen ? PartStore.Open(network) : null;
        var options = new PlaybackOptions
        {
            Connections = connections,
            Store = store,
            At = parsed.GetValue(_at),
            Speed = parsed.GetValue(_speed),
            Duration = parsed.GetValue(_duration),
            ReadAhead = network.ReadAhead,
            Sockets = parsed.GetValue(_sockets),
            Mirrors = network.Mirrors,
            TemporaryRoot = network.TemporaryRoot,
            StoreSizeBytes = network.StoreSizeBytes,
        };
        var player = new HeadlessPlayer(FFmpegTools.Find(), time);
        if (readiness is not Readiness.None || asking.IsChosen) await PrepareAsync(asking, readiness, network with { Store = store }, cancellationToken);
        await using var early = readiness is Readiness.None && !asking.IsChosen ? new EarlyConnections(asking, network) : null;
        return await player.PlayAsync(asking.AskAsync, options, progress, cancellationToken);
    }

    /// <summary>Gives the content to another player until that ends; with <c>url</c>, until cancelled.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="asking">Of <see cref="Asking"/>.</param>
    /// <param name="waiting">Told how far a reservation is, four times a second; null when nobody asks.</param>
    /// <param name="announce">Told the address when it can be opened.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ViewingReport> ViewAsync(ParseResult parsed, PlayAsking asking, IProgress<ReserveState>? waiting, Action<Uri> announce, TimeProvider time, CancellationToken cancellationToken)
    {
        using var connections = new ContentConnections();
        var options = NetworkOptionsOf(parsed, connections, time);
        if (IsReserved(parsed)) return await ReserveViewAsync(parsed, asking, options, waiting, announce, cancellationToken);
        await using var chosenWith = asking.IsChosen ? PartStore.Open(options) : null;
        if (asking.IsChosen) await PrepareAsync(asking, Readiness.Head, options with { Store = chosenWith }, cancellationToken);
        await using var early = asking.IsChosen ? null : new EarlyConnections(asking, options);
        var log = new PlayLog(time) { Player = parsed.GetValue(_with)! };
        var asked = asking.AskAsync(cancellationToken);
        // While the site is asked; for what was taken along nobody is, and no store is needed.
        await using var store = asked.IsCompleted || chosenWith is not null ? null : PartStore.Open(options);
        options = options with { Store = chosenWith ?? store, Log = log };
        var grant = await asked;
        return await Viewer.ServeAsync(grant, PlayerNamed(parsed.GetValue(_with)), parsed.GetValue(_at), options, announce, cancellationToken);
    }

    /// <summary>Whether the content is to be shown on this terminal.</summary>
    public bool IsShown(ParseResult parsed) => !parsed.GetValue(_headless) && parsed.GetValue(_with) is null;

    /// <summary>Shows the content on this terminal, until its end or until the viewer has seen enough.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="asking">Of <see cref="Asking"/>.</param>
    /// <param name="waiting">Told how far a reservation is, four times a second; null when nobody asks.</param>
    /// <param name="begins">Told when the terminal is about to be the film's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PlayerException">There is no terminal.</exception>
    public async Task<PlaybackReport> ShowAsync(ParseResult parsed, PlayAsking asking, IProgress<ReserveState>? waiting, Action begins, TimeProvider time, CancellationToken cancellationToken)
    {
        // Before anything is asked for: a play that can't be seen is not to be counted.
        if (!TerminalSession.IsThere) throw new PlayerException("There is no terminal here to show it on: give it to another player with --with mpv, vlc, ffplay or url, or decode it with --headless.");
        using var connections = new ContentConnections();
        var options = NetworkOptionsOf(parsed, connections, time);
        var tools = FFmpegTools.Find();
        // What was named has to be there; what is found by itself may take its time.
        var named = parsed.GetValue(_sound) is { } name ? SoundOutputs.Open(name, tools, time) : null;
        var player = new TerminalPlayer(tools, parsed.GetValue(_sound) is null ? () => SoundOutputs.TryFind(tools, time) : () => named, new(LeftPlaces.DefaultFile, time), time);
        var at = parsed.GetResult(_at) is null ? (TimeSpan?)null : parsed.GetValue(_at);
        if (IsReserved(parsed))
        {
            return await ReserveAsync(parsed, asking, options with { GiveUpAfter = Timeout.InfiniteTimeSpan }, speed: 1, waiting, async reservation =>
            {
                var report = await player.PlayAsync(reservation.Network, at, TakeTerminal, cancellationToken);
                return (report with { Reserve = reservation.Report }, report.PlayedToEnd);
            }, cancellationToken);
        }

        await using var chosenWith = asking.IsChosen ? PartStore.Open(options) : null;
        if (asking.IsChosen) await PrepareAsync(asking, Readiness.Head, options with { Store = chosenWith }, cancellationToken);
        await using var early = asking.IsChosen ? null : new EarlyConnections(asking, options);
        return await player.PlayAsync(asking.AskAsync, options with { Store = chosenWith }, at, TakeTerminal, cancellationToken);

        TerminalSession TakeTerminal()
        {
            begins();
            return TerminalSession.Begin(TerminalCapabilities.Of(Environment.GetEnvironmentVariable, parsed.GetValue(_graphics)))
                ?? throw new PlayerException("The terminal can't be set up: /bin/sh and stty are needed for that.");
        }
    }

    private async Task<PlaybackReport> ReserveHeadlessAsync(
        ParseResult parsed, PlayAsking asking, NetworkOptions network, IProgress<ReserveState>? waiting, IProgress<PlaybackProgress>? progress, CancellationToken cancellationToken)
    {
        var options = new PlaybackOptions { At = parsed.GetValue(_at), Speed = parsed.GetValue(_speed), Duration = parsed.GetValue(_duration), ReadAhead = network.ReadAhead };
        var player = new HeadlessPlayer(FFmpegTools.Find(), network.Time);
        return await ReserveAsync(parsed, asking, network, options.Speed, waiting, async reservation =>
        {
            var report = await player.PlayAsync(reservation.Network, options, progress, cancellationToken);
            return (report with { Reserve = reservation.Report }, report.PlayedToEnd);
        }, cancellationToken);
    }

    private async Task<ViewingReport> ReserveViewAsync(
        ParseResult parsed, PlayAsking asking, NetworkOptions network, IProgress<ReserveState>? waiting, Action<Uri> announce, CancellationToken cancellationToken)
    {
        var player = PlayerNamed(parsed.GetValue(_with));
        // Nobody waits for an hour to hear that.
        if (player is { IsInstalled: false }) throw player.Missing();
        return await ReserveAsync(parsed, asking, network with { GiveUpAfter = Timeout.InfiniteTimeSpan }, speed: 1, waiting, async reservation =>
        {
            var report = await Viewer.ServeAsync(reservation.Network, player, parsed.GetValue(_at), network.Time, announce, cancellationToken);
            // How much of it was watched, another player does not say.
            return (report with { Reserve = reservation.Report }, false);
        }, cancellationToken);
    }

    private async Task<T> ReserveAsync<T>(
        ParseResult parsed, PlayAsking asking, NetworkOptions network, double speed, IProgress<ReserveState>? waiting, Func<Reservation, Task<(T Result, bool Watched)>> play, CancellationToken cancellationToken)
    {
        if (asking.IsChosen)
        {
            await using var chosenWith = PartStore.Open(network);
            await PrepareAsync(asking, Readiness.Head, network with { Store = chosenWith }, cancellationToken);
        }

        if (parsed.GetValue(_sockets) is null) network = network with { Sockets = Reservation.Sockets };
        return await ReservedPlaying.RunAsync(asking, network with { StartAt = parsed.GetValue(_at) }, speed, waiting, play, cancellationToken);
    }

    private string RootOf(ParseResult parsed) => parsed.GetValue(_temporary)?.FullName ?? new NetworkOptions().TemporaryRoot;

    private static Task PrepareAsync(PlayAsking asking, Readiness readiness, NetworkOptions options, CancellationToken cancellationToken) =>
        asking.PrepareAsync is { } prepare ? prepare(readiness, options, cancellationToken) : Task.CompletedTask;

    private NetworkOptions NetworkOptionsOf(ParseResult parsed, ContentConnections connections, TimeProvider time)
    {
        var options = NetworkOptions.With(parsed.GetValue(_sockets)) with { ReadAhead = TimeSpan.FromSeconds(parsed.GetValue(_readAhead)), Mirrors = Mirrors(parsed), Connections = connections, Time = time };
        options = options with { TemporaryRoot = RootOf(parsed) };
        return parsed.GetValue(_storeSize) is { } size ? options with { StoreSizeBytes = size } : options;
    }

    private static ExternalPlayer? PlayerNamed(string? name) => ExternalPlayer.All.FirstOrDefault(player => player.Name == name);

    private IReadOnlyList<Uri> Mirrors(ParseResult parsed) => [.. (parsed.GetValue(_mirrors) ?? []).Select(text => new Uri(text))];
}
