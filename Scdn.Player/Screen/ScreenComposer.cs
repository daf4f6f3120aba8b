using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Scdn.Client;

namespace Scdn.Player.Screen;

/// <summary>Puts picture, time line, subtitles and help together.</summary>
/// <param name="colors">How many colours there are.</param>
/// <param name="unicode">Whether there are characters beyond ASCII.</param>
internal sealed class ScreenComposer(ColorDepth colors, bool unicode)
{
    /// <summary>Below so many rows the picture has them all.</summary>
    private const int LeastRows = 6;

    private const int BarRows = 2;

    private const string From = "from";

    /// <summary>Servers beyond this have no number of their own.</summary>
    private const int MostServers = 9;

    private static readonly Color Dim = new(128, 128, 128);
    private static readonly Color Plain = Color.Default;
    private static readonly Color Bright = new(255, 255, 255);
    private static readonly Color Played = new(64, 160, 255);
    private static readonly Color Dark = new(16, 16, 16);
    private static readonly Color[] OfServers = [new(255, 200, 64), new(96, 220, 120), new(255, 120, 180), new(120, 200, 255), new(220, 160, 255), new(255, 150, 90)];

    private static readonly string[] Help =
    [
        "space       pause, go on",
        "left right  5 seconds back, ahead",
        "down up     a minute back, ahead",
        "home        from the beginning",
        "[ ]         slower, faster",
        "9 0 m       softer, louder, mute",
        "a s         sound track, subtitles",
        "f           full screen",
        "i           details",
        "? h         this help",
        "esc         back from help, details, full screen",
        "q           quit",
        "",
        "In the line below, thick is seen, thin is here,",
        "dots are not here yet, and a number is on its",
        "way from the server with that number.",
    ];

    private readonly CellPainter _painter = new(colors, unicode);

    /// <summary>How many pieces of the play time the time line of a screen shows.</summary>
    public static int PlacesOf(int columns, TimeSpan duration) => Math.Max(0, columns - (2 * (TimeText.Of(duration).Length + 2)));

    /// <summary>Where a picture goes.</summary>
    /// <param name="columns">Columns there are.</param>
    /// <param name="rows">Rows there are.</param>
    /// <param name="isFull">Whether it has all of them.</param>
    /// <param name="shape">How much wider the picture is than tall.</param>
    /// <param name="cellShape">How much taller a cell is than wide.</param>
    public static PictureBox BoxOf(int columns, int rows, bool isFull, double shape, double cellShape) => PictureBox.Fit(columns, RowsAbove(rows, isFull), shape, cellShape);

    /// <summary>Draws all of it.</summary>
    /// <param name="grid">Where.</param>
    /// <param name="view">What to say.</param>
    /// <param name="box">Where the picture goes.</param>
    /// <param name="picture">Pixels of the picture; empty where there is none, or it is drawn in another way.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    public void Compose(CellGrid grid, PlayerView view, PictureBox box, ReadOnlySpan<byte> picture, int width, int height)
    {
        grid.Clear();
        var above = RowsAbove(grid.Rows, view.IsFull);
        if (!picture.IsEmpty) _painter.Paint(grid, box, picture, width, height);
        else if (view.Music is { } music) WriteMusic(grid, above, music);
        // In full screen the bar is there as long as it has something to say.
        var hasBar = above < grid.Rows || (grid.Rows >= LeastRows && (view.State ?? view.Message) is not null);
        var bottom = hasBar ? grid.Rows - BarRows : grid.Rows;
        WriteText(grid, bottom, view.Text);
        if (view.Notice is { } notice) WriteBlock(grid, 0, 0, TextLines.Wrap(notice, Math.Max(1, grid.Columns - 2)));
        if (view.Details is { } details) WriteBlock(grid, 1, 2, details);
        if (view.ShowsHelp) WriteBlock(grid, Math.Max(0, (bottom - Help.Length) / 2), Math.Max(0, (grid.Columns - Help.Max(line => line.Length) - 2) / 2), Help);
        if (hasBar)
        {
            WriteTimeLine(grid, grid.Rows - 2, view);
            WriteStatus(grid, grid.Rows - 1, view);
        }
        else if ((view.State ?? view.Message) is { } said) grid.Write(0, 0, $" {said} ", Bright, Dark);
    }

    private static int RowsAbove(int rows, bool isFull) => isFull || rows < LeastRows ? rows : rows - BarRows;

    private static void WriteText(CellGrid grid, int bottom, string text)
    {
        var lines = TextLines.Wrap(text, grid.Columns - 2);
        for (var line = 0; line < lines.Count; line++) WriteMiddle(grid, bottom - lines.Count + line, $" {lines[line]} ", Bright, Dark);
    }

    private static void WriteMiddle(CellGrid grid, int row, string text, Color front, Color back = default) =>
        grid.Write(row, Math.Max(0, (grid.Columns - CellGrid.WidthOf(text)) / 2), text, front, back);

    private static void WriteBlock(CellGrid grid, int row, int column, IReadOnlyList<string> lines)
    {
        var room = grid.Columns - column - 2;
        var shown = lines.Select(line => TextLines.Cut(line, room)).ToList();
        var width = shown.Max(CellGrid.WidthOf);
        for (var line = 0; line < shown.Count; line++)
            grid.Write(row + line, column, $" {shown[line]}{new string(' ', width - CellGrid.WidthOf(shown[line]))} ", Bright, Dark);
    }

    // A bar for each moment, from the bottom up; what is heard now is at the right.
    private void WriteMusic(CellGrid grid, int above, MusicView music)
    {
        var top = Math.Max(1, (above - music.Lines.Count) / 3);
        for (var line = 0; line < music.Lines.Count; line++) WriteMiddle(grid, top + line, TextLines.Cut(music.Lines[line], grid.Columns), line == 0 ? Plain : Dim);
        var rows = above - top - music.Lines.Count - 1;
        if (rows < 1) return;
        var first = grid.Columns - music.Levels.Count;
        for (var moment = 0; moment < music.Levels.Count; moment++)
        {
            var filled = music.Levels[moment] * rows;
            for (var row = 0; row < rows && row < filled; row++)
                if (first + moment >= 0) grid.Row(above - 1 - row)[first + moment] = new(BarOf(filled - row), Played, Color.Default);
        }
    }

    private Rune BarOf(float filled) => unicode ? new(filled >= 1 ? '█' : (char)('▁' + (int)(filled * 8))) : new(filled >= 0.5f ? '#' : ':');

    private void WriteTimeLine(CellGrid grid, int row, PlayerView view)
    {
        for (var column = 0; column < grid.Columns; column++) grid.Row(row)[column] = Cell.Blank;
        var isKnown = view.Duration > TimeSpan.Zero;
        var before = $" {TimeText.Of(view.Position)} ".PadLeft(isKnown ? TimeText.Of(view.Duration).Length + 2 : 0);
        grid.Write(row, 0, before, Plain);
        if (!isKnown) return;
        var after = $" {TimeText.Of(view.Duration)} ";
        grid.Write(row, grid.Columns - after.Length, after, Dim);
        var places = PlacesOf(grid.Columns, view.Duration);
        var head = Math.Clamp((int)(places * (view.Position / view.Duration)), 0, Math.Max(0, places - 1));
        for (var place = 0; place < places; place++)
        {
            var here = view.Places.Count == 0 ? default : view.Places[place * view.Places.Count / places];
            var (mark, color) = place == head ? (Knob, Plain) : Mark(here, place < head, view.Servers);
            grid.Write(row, before.Length + place, mark, color);
        }
    }

    private string Knob => unicode ? "●" : "O";

    // Told apart by shape as well, for who has no colours: what is being fetched by the number of the server that it comes from.
    private (string Mark, Color Color) Mark(Coverage here, bool isPlayed, ImmutableArray<string> servers)
    {
        if (here.IsHeld) return (unicode ? isPlayed ? "━" : "─" : isPlayed ? "=" : "-", isPlayed ? Played : Plain);
        if (here.Server is { } server) return (NumberOf(server, servers), ColorOf(server, servers));
        return (unicode ? "·" : ".", isPlayed ? Played : Dim);
    }

    private static string NumberOf(string server, ImmutableArray<string> servers) =>
        servers.IndexOf(server) is >= 0 and < MostServers and var index ? (index + 1).ToString(CultureInfo.InvariantCulture) : "+";

    private static Color ColorOf(string server, ImmutableArray<string> servers) => servers.IndexOf(server) is >= 0 and var index ? OfServers[index % OfServers.Length] : Dim;

    private void WriteStatus(CellGrid grid, int row, PlayerView view)
    {
        for (var column = 0; column < grid.Columns; column++) grid.Row(row)[column] = Cell.Blank;
        var keys = $" space {(view.IsPaused ? "play" : "pause")}  {(unicode ? "← →" : "arrows")} seek  ? help  q quit ";
        if (grid.Columns < keys.Length + 12) keys = " ? help  q quit ";
        grid.Write(row, grid.Columns - keys.Length, keys, Dim);
        var room = grid.Columns - keys.Length - 1;
        string[] said = [view.State ?? "", view.Message ?? "", view.Speed is > 0.99 and < 1.01 ? "" : string.Create(CultureInfo.InvariantCulture, $"{view.Speed:0.##}x"), view.Volume];
        var column0 = 1;
        if (string.Join("  ", said.Where(fact => fact.Length > 0).Distinct()) is { Length: > 0 } state) column0 = grid.Write(row, column0, TextLines.Cut(state, room - column0), Plain) + 2;
        var legend = view.Servers.Take(MostServers).Where(server => view.Places.Any(place => place.Server == server)).ToList();
        var legendWidth = legend.Sum(server => CellGrid.WidthOf(server) + 4) + From.Length + 1;
        column0 = grid.Write(row, column0, TextLines.Cut(view.Title, Math.Max(0, room - column0 - legendWidth)), Dim) + 2;
        if (legend.Count > 0 && column0 + From.Length + 1 < room) column0 = grid.Write(row, column0, From, Dim) + 1;
        foreach (var server in legend)
        {
            if (column0 + CellGrid.WidthOf(server) + 2 > room) break;
            column0 = grid.Write(row, column0, $"{NumberOf(server, view.Servers)} {server}", ColorOf(server, view.Servers)) + 2;
        }
    }
}
