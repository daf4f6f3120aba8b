using System.CommandLine;
using Scdn.Client;
using Scdn.Client.Connections;
using Scdn.Client.Storing;
using Scdn.Format;
using Scdn.Player.Playing;
using Scdn.Player.Sessions;
using Scdn.Player.Sound;
using Scdn.Player.Terminal;
using Scdn.Player.Viewing;

namespace Scdn.Player;

/// <summary>What <c>scdn play</c> and <c>scdn-player</c> share: their argument, their options, and what is chosen with them.</summary>
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

    private readonly Option<Readiness> _prepare = new("--prepare") { Description = "What is made ready before the play is asked for, as while a viewer looks at the list: none, connections or head.", HelpName = "WHAT" };

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
            if (result.GetValue(_with) is { } name && name != Viewer.UrlOnly && ExternalPlayer.Named(name) is null) result.AddError($"'{name}' is not a player that is known: use mpv, vlc, ffplay or url.");
            // A default is not there yet when this is asked: only what was typed is looked at.
            if (result.GetResult(_speed) is not null && result.GetValue(_speed) is not (> 0 and <= 1000)) result.AddError("--speed must be above 0 and at most 1000.");
            if (result.GetResult(_readAhead) is not null && result.GetValue(_readAhead) is not (>= 0 and <= 86_400)) result.AddError("--read-ahead must be 0 to 86400 seconds.");
            if (result.GetResult(_sockets) is not null && result.GetValue(_sockets) is not (>= 1 and <= NetworkOptions.SocketLimit)) result.AddError($"--sockets must be 1 to {NetworkOptions.SocketLimit}.");
            if (result.GetValue(_mirrors) is { } mirrors && !mirrors.All(text => MirrorAddress.TryParse(text, out _))) result.AddError($"--mirror must be {MirrorAddress.Takes}.");
            if (result.GetValue(_at) < TimeSpan.Zero) result.AddError("--at can't be before the beginning.");
        });
    }

    /// <summary>Finds the viewer's session, or opens one, as the options say.</summary>
    public SessionOpening Opening(ParseResult parsed, Uri site, SiteTrust trust, Func<FileInfo?, string, CancellationToken, Task<string>> askPassword) => _session.Read(parsed, site, trust, askPassword);

    /// <summary>What was chosen.</summary>
    public PlayChoices Read(ParseResult parsed)
    {
        var network = NetworkOptions.With(parsed.GetValue(_sockets)) with
        {
            ReadAhead = TimeSpan.FromSeconds(parsed.GetValue(_readAhead)),
            Mirrors = [.. (parsed.GetValue(_mirrors) ?? []).Select(text => new Uri(text))],
        };
        if (parsed.GetValue(_temporary) is { } folder) network = network with { TemporaryRoot = folder.FullName };
        if (parsed.GetValue(_storeSize) is { } size) network = network with { StoreSizeBytes = size };
        var isHeadless = parsed.GetValue(_headless);
        // A viewer who watches decides when it has taken too long.
        if (!isHeadless) network = network with { GiveUpAfter = Timeout.InfiniteTimeSpan };
        return new()
        {
            Content = parsed.GetValue(_content),
            IsHeadless = isHeadless,
            With = parsed.GetValue(_with),
            IsReserved = mayChoose && parsed.GetValue(_reserve),
            At = parsed.GetResult(_at) is null ? null : parsed.GetValue(_at),
            Speed = isHeadless ? parsed.GetValue(_speed) : 1,
            Duration = parsed.GetValue(_duration),
            Readiness = parsed.GetValue(_prepare),
            Sound = parsed.GetValue(_sound),
            Graphics = parsed.GetValue(_graphics),
            Network = network,
            NamesSockets = parsed.GetValue(_sockets) is not null,
        };
    }
}
