using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Scdn.Client;
using Scdn.Media;
using Scdn.Media.Decoding;
using Scdn.Player.Screen;
using Scdn.Player.Terminal;

namespace Scdn.Player.Playback;

/// <summary>Draws a play on a terminal: the picture, and beside it what there is to say. Used by one at a time.</summary>
/// <param name="terminal">The terminal.</param>
/// <param name="time">The clock.</param>
internal sealed class PlayScreen(TerminalSession terminal, TimeProvider time) : IDisposable
{
    /// <summary>What changes without a picture, such as the time line, is drawn so often.</summary>
    public static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    /// <summary>Sound without pictures is drawn so often.</summary>
    private static readonly TimeSpan MusicGlance = TimeSpan.FromMilliseconds(50);

    /// <summary>A wait that is shorter is not worth a word.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(300);

    // What is drawn together is shown together (synchronized output), by terminals that know of it.
    private static readonly byte[] Together = [.. "\u001b[?2026h"u8];
    private static readonly byte[] Done = [.. "\u001b[?2026l"u8];

    private readonly CellWriter _writer = new(terminal.Capabilities.Colors, terminal.Capabilities.Unicode);
    private readonly ScreenComposer _composer = new(terminal.Capabilities.Colors, terminal.Capabilities.Unicode);
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private TerminalCapabilities _capabilities = terminal.Capabilities;
    private IPixelPainter? _painter = PainterOf(terminal.Capabilities);
    private CellGrid _grid = new(0, 0);
    private ImmutableArray<string> _servers = [];
    private IReadOnlyList<Coverage> _places = [];
    private long _drawnAt;
    private long? _lookedAt;
    private PictureFrame? _picture;
    private PictureFrame? _drawn;
    private PictureBox _box;
    private volatile bool _isStale = true;
    private volatile bool _isUnknown;

    /// <summary>Pictures that were shown.</summary>
    public int Shown { get; private set; }

    /// <summary>A picture is to be shown, and disposed of when there is another one.</summary>
    public void Show(PictureFrame picture)
    {
        _picture?.Dispose();
        _picture = picture;
        Shown++;
        _isStale = true;
    }

    /// <summary>Something has changed, beside the picture.</summary>
    public void Refresh() => _isStale = true;

    /// <summary>Nobody knows any more what the terminal shows, or how large it is. Thread-safe.</summary>
    public void Redraw()
    {
        _isUnknown = true;
        _isStale = true;
    }

    /// <summary>How long until something is to be drawn, when nothing comes.</summary>
    public static TimeSpan NextGlance(FilmPlay film) => film.HasPictures ? Glance : MusicGlance;

    /// <summary>Draws when there is something new.</summary>
    public void Draw(FilmPlay film, PlayerControls controls, NetworkManager network, int late)
    {
        if (!_isStale && time.GetElapsedTime(_drawnAt) < NextGlance(film)) return;
        (_isStale, _drawnAt) = (false, time.GetTimestamp());
        if (_isUnknown)
        {
            (_isUnknown, _drawn) = (false, null);
            _writer.Forget();
            Learn(terminal.Capabilities);
        }

        var (columns, rows) = terminal.Size;
        if (_grid.Columns != columns || _grid.Rows != rows) _grid = new(columns, rows);
        Look(network, columns);
        var view = new PlayerView(network.Manifest.Title, film.Clock.Position, network.Times.Duration)
        {
            State = StateOf(film),
            IsPaused = film.IsPaused,
            Message = controls.Message,
            Notice = controls.Notice,
            Speed = film.Request.Speed,
            Volume = controls.Volume,
            Text = film.CueNow()?.Text ?? "",
            IsFull = controls.IsFull,
            ShowsHelp = controls.ShowsHelp,
            Details = controls.ShowsDetails ? [.. DetailsOf(film, controls, network, late)] : null,
            Music = film.HasPictures || film.Clock.Position == film.Request.At ? null : MusicOf(film, controls, network, columns),
            Places = _places,
            Servers = _servers,
        };
        Write(view, film.HasPictures ? _picture : null);
    }

    public void Dispose()
    {
        _picture?.Dispose();
        _painter?.Dispose();
    }

    private static IPixelPainter? PainterOf(TerminalCapabilities capabilities) => capabilities.Graphics switch
    {
        TerminalGraphics.Kitty => new KittyPainter(),
        // Where it does not say how large a cell is, as the terminal was that sixels were made for (VT340).
        TerminalGraphics.Sixel => new SixelPainter(capabilities.CellWidth > 0 ? capabilities.CellWidth : 10, capabilities.CellHeight > 0 ? capabilities.CellHeight : 20, capabilities.SixelColors),
        _ => null,
    };

    private void Learn(TerminalCapabilities capabilities)
    {
        if (capabilities == _capabilities) return;
        _painter?.Dispose();
        (_capabilities, _painter) = (capabilities, PainterOf(capabilities));
    }

    private void Write(PlayerView view, PictureFrame? picture)
    {
        var box = picture is null ? default : ScreenComposer.BoxOf(_grid.Columns, _grid.Rows, view.IsFull, (double)picture.Width / picture.Height, _capabilities.CellShape);
        _composer.Compose(_grid, view, box, picture is null || _painter is not null ? [] : picture.Pixels.Span, picture?.Width ?? 0, picture?.Height ?? 0);
        _output.ResetWrittenCount();
        _output.Write(Together);
        // Where it goes elsewhere, what was there is taken away first.
        if (_painter is not null && box != _box) _writer.Forget();
        var cells = _writer.Write(_grid);
        _output.Write(cells.Span);
        var isNew = _painter is not null && picture is not null && (picture != _drawn || box != _box);
        if (isNew) Paint(_painter!, picture!, box);
        _output.Write(Done);
        if (cells.Length > 0 || isNew) terminal.Write(_output.WrittenSpan);
    }

    private void Paint(IPixelPainter painter, PictureFrame picture, PictureBox box)
    {
        painter.Paint(_output, box, picture.Pixels.Span, picture.Width, picture.Height);
        (_drawn, _box) = (picture, box);
        if (painter.KeepsText) return;
        _writer.Overdrawn(box);
        _output.Write(_writer.Write(_grid).Span);
    }

    private static string? StateOf(FilmPlay film) => film.WaitingFor > ShortWait ? "loading" : film.IsPaused ? "paused" : null;

    private static MusicView MusicOf(FilmPlay film, PlayerControls controls, NetworkManager network, int columns)
    {
        var info = controls.Tracks?.Info;
        string?[] lines = [info?.Title ?? network.Manifest.Title, info?.Artist];
        return new([.. lines.OfType<string>()], film.LevelsNow(columns));
    }

    // What is here of the film changes slowly, and is not looked for with every picture.
    private void Look(NetworkManager network, int columns)
    {
        if (_lookedAt is { } last && time.GetElapsedTime(last) < Glance) return;
        _lookedAt = time.GetTimestamp();
        _places = network.CoverageOf(ScreenComposer.PlacesOf(columns, network.Times.Duration));
        foreach (var server in _places.Select(place => place.Server).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (!_servers.Contains(server)) _servers = _servers.Add(server);
        }
    }

    private IEnumerable<string> DetailsOf(FilmPlay film, PlayerControls controls, NetworkManager network, int late)
    {
        var (statistics, manifest) = (network.Statistics, network.Manifest);
        yield return manifest.Title;
        yield return string.Create(CultureInfo.InvariantCulture, $"{manifest.Container.Split(',')[0]}, {Mebibytes(manifest.Length)}");
        foreach (var stream in controls.Tracks?.Info.Streams ?? []) yield return Described(stream);
        yield return string.Create(CultureInfo.InvariantCulture, $"fetched {Mebibytes(statistics.FetchedBytes)}; servers left {Times(statistics.Failovers)}, pieces asked for again {Times(statistics.Hedges)}");
        foreach (var (server, bytes) in statistics.BytesByServer.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            yield return $"  {server}  {Mebibytes(bytes)}{(statistics.RequestsUnderWay.TryGetValue(server, out var requests) ? $", {requests} under way" : "")}";
        yield return $"pictures {Shown} shown, {late} too late; stood still {Times(film.Stalls.Count)}";
        yield return $"terminal {_grid.Columns}x{_grid.Rows}, {NameOf(_capabilities)}";
    }

    private static string NameOf(TerminalCapabilities capabilities) => (capabilities.Graphics, capabilities.Colors) switch
    {
        (TerminalGraphics.Kitty, _) => "graphics as kitty's",
        (TerminalGraphics.Sixel, _) => "sixels",
        (_, ColorDepth.Full) => "all colours",
        (_, ColorDepth.TwoHundredFiftySix) => "256 colours",
        (_, ColorDepth.Sixteen) => "16 colours",
        _ => "no colours",
    };

    private static string Described(MediaStream stream)
    {
        var language = stream.Language is "und" ? "" : stream.Language;
        FormattableString facts = stream.Kind switch
        {
            MediaKind.Video => $"{stream.Codec} {stream.Width}x{stream.Height} {stream.FramesPerSecond:0.##}/s",
            MediaKind.Audio => $"{stream.Codec} {stream.SampleRate} Hz, {stream.Channels} channel{(stream.Channels == 1 ? "" : "s")} {language}",
            _ => $"{stream.Codec} {language}",
        };
        return facts.ToString(CultureInfo.InvariantCulture).TrimEnd();
    }

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.0} MiB");

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";
}
