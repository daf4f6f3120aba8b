using System.Text;
using Scdn.Player.Screen;

namespace Scdn.Player.Tests.Screen;

internal sealed class ScreenComposerTests
{
    private static readonly PlayerView View = new("A film", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(4));

    [Test]
    public void Says_where_the_play_is_and_how_to_go_on()
    {
        var lines = Compose(80, 24, View);
        Assert.That(lines[22], Does.StartWith(" 0:01:00 ").And.EndsWith(" 0:04:00 ").And.Length.EqualTo(80));
        Assert.That(lines[22].IndexOf('●', StringComparison.Ordinal), Is.EqualTo(9 + (62 / 4)));
        Assert.That(lines[23], Is.EqualTo(" A film                                   space pause  ← → seek  ? help  q quit "));
    }

    [Test]
    public void Shows_what_is_here_what_is_coming_and_from_whom_also_without_colours()
    {
        var view = View with
        {
            Places = [new(true, null), new(false, null), new(false, "s1"), new(false, "s2")],
            Servers = ["s2", "s1"],
        };
        // 62 places, of which the knob takes the 16th.
        Assert.That(Compose(80, 24, view)[22][9..71], Is.EqualTo($"{new string('━', 15)}●{new string('·', 15)}{new string('2', 16)}{new string('1', 15)}"));
        Assert.That(Compose(80, 24, view)[23], Does.StartWith(" A film  from 1 s2  2 s1"));
    }

    [Test]
    public void Says_why_it_stands_what_was_done_and_at_which_speed_each_once()
    {
        Assert.That(Compose(80, 24, View with { State = "paused", Speed = 1.25, Volume = "muted" })[23], Does.StartWith(" paused  1.25x  muted  A f"));
        Assert.That(Compose(80, 24, View with { State = "paused", Message = "sound 90 %" })[23], Does.StartWith(" paused  sound 90 %  A film"));
        Assert.That(Compose(80, 24, View with { Message = "muted", Speed = 1.25, Volume = "muted" })[23], Does.StartWith(" muted  1.25x  A film"));
        Assert.That(Compose(80, 24, View with { State = "paused", IsPaused = true })[23], Does.EndWith(" space play  ← → seek  ? help  q quit "));
    }

    [Test]
    public void Puts_subtitles_above_the_bar_and_help_over_all()
    {
        var lines = Compose(80, 24, View with { Text = "words\nand more", ShowsHelp = true, Details = ["one fact"] });
        Assert.That((lines[20].Trim(), lines[21].Trim(), lines[1].Trim()), Is.EqualTo(("words", "and more", "one fact")));
        Assert.That(lines, Has.Some.Contains("space       pause, go on"));
    }

    [Test]
    public void Puts_what_the_viewer_should_know_above_all() => Assert.That(
        Compose(40, 24, View with { Notice = "'A film': 2 plays left, until 30 November 2030, 23:59." })[..2].Select(line => line.TrimEnd()),
        Is.EqualTo(new[] { " 'A film': 2 plays left, until 30", " November 2030, 23:59." }));

    [Test]
    public void Has_no_bar_in_full_screen_but_for_what_it_says()
    {
        Assert.That(Compose(80, 24, View with { IsFull = true })[23].Trim(), Is.Empty);
        Assert.That(Compose(80, 24, View with { IsFull = true, State = "paused" })[23], Does.StartWith(" paused"));
    }

    [Test]
    public void Takes_nothing_from_a_title_that_moves_the_cursor()
    {
        var grid = new CellGrid(40, 10);
        new ScreenComposer(ColorDepth.Full, unicode: true).Compose(grid, View with { Title = "a\u001b[2Jb\nc" }, default, [], 0, 0);
        Assert.That(Encoding.UTF8.GetString(new CellWriter(ColorDepth.None, unicode: true).Write(grid).Span), Does.Contain("a[2Jbc").And.Not.Contain("\u001b[2Jb").And.Not.Contain("\n"));
    }

    [Test]
    public void Shows_how_loud_it_was_where_there_is_no_picture()
    {
        var lines = Compose(10, 12, View with { Music = new(["A song", "Its singer"], [0, 1, 0.5f]) });
        Assert.That((lines[2].Trim(), lines[3].Trim()), Is.EqualTo(("A song", "Its singer")));
        Assert.That((lines[9][7..], lines[5][7..]), Is.EqualTo((" ██", " █ ")));
    }

    [TestCase(1, 1)]
    [TestCase(5, 3)]
    [TestCase(20, 7)]
    [TestCase(300, 80)]
    public void Fits_into_any_size(int columns, int rows) => Assert.That(
        Compose(columns, rows, View with { Text = "a long subtitle of several words", ShowsHelp = true, Details = ["a fact that is longer than most"], State = "loading", Music = new(["A song"], new float[columns]) }),
        Has.Count.EqualTo(rows));

    private static List<string> Compose(int columns, int rows, PlayerView view)
    {
        var grid = new CellGrid(columns, rows);
        new ScreenComposer(ColorDepth.None, unicode: true).Compose(grid, view, default, [], 0, 0);
        return [.. Enumerable.Range(0, rows).Select(row => string.Concat(grid.Row(row).ToArray().Select(cell => cell.Character.ToString())))];
    }
}
