using System.Text;
using Scdn.Player.Screen;

namespace Scdn.Player.Tests.Screen;

internal sealed class CellWriterTests
{
    [Test]
    public void Draws_whole_what_it_has_not_drawn_before()
    {
        var grid = new CellGrid(4, 2);
        grid.Write(1, 1, "ab");
        Assert.That(Write(new(ColorDepth.Full, unicode: true), grid), Is.EqualTo("\u001b[0m\u001b[2J\u001b[2;2Hab\u001b[0m"));
    }

    [Test]
    public void Writes_nothing_when_nothing_has_changed()
    {
        var (writer, grid) = (new CellWriter(ColorDepth.Full, unicode: true), new CellGrid(4, 2));
        Write(writer, grid);
        Assert.That(Write(writer, grid), Is.Empty);
    }

    [Test]
    public void Writes_only_what_has_changed()
    {
        var (writer, grid) = (new CellWriter(ColorDepth.Full, unicode: true), new CellGrid(20, 3));
        grid.Write(0, 0, "one two three");
        Write(writer, grid);
        grid.Write(0, 4, "TWO");
        Assert.That(Write(writer, grid), Is.EqualTo("\u001b[1;5H\u001b[39m\u001b[49mTWO\u001b[0m"));
    }

    [Test]
    public void Steps_over_a_short_gap_by_writing_it_again()
    {
        var (writer, grid) = (new CellWriter(ColorDepth.None, unicode: true), new CellGrid(20, 1));
        grid.Write(0, 0, "a--b");
        Write(writer, grid);
        grid.Write(0, 0, "A--B");
        Assert.That(Write(writer, grid), Is.EqualTo("\u001b[1;1HA--B\u001b[0m"));
    }

    [TestCase(ColorDepth.Full, "\u001b[38;2;255;0;0m\u001b[48;2;0;0;255m")]
    [TestCase(ColorDepth.TwoHundredFiftySix, "\u001b[38;5;196m\u001b[48;5;21m")]
    [TestCase(ColorDepth.Sixteen, "\u001b[91m\u001b[104m")]
    [TestCase(ColorDepth.None, "")]
    public void Has_as_many_colours_as_the_terminal(object depth, string expected)
    {
        var grid = new CellGrid(2, 1);
        grid.Row(0)[0] = new(new('x'), new(255, 0, 0), new(0, 0, 255));
        Assert.That(Write(new((ColorDepth)depth, unicode: true), grid), Is.EqualTo($"\u001b[0m\u001b[2J\u001b[1;1H{expected}x\u001b[0m"));
    }

    [Test]
    public void Draws_whole_again_at_another_size_and_when_it_forgot()
    {
        var writer = new CellWriter(ColorDepth.Full, unicode: true);
        Write(writer, new(4, 2));
        var resized = Write(writer, new(5, 2));
        writer.Forget();
        Assert.That((resized, Write(writer, new(5, 2))), Is.EqualTo(("\u001b[0m\u001b[2J\u001b[0m", "\u001b[0m\u001b[2J\u001b[0m")));
    }

    [Test]
    public void Writes_characters_of_two_columns_once_and_goes_on_behind_them()
    {
        var (writer, grid) = (new CellWriter(ColorDepth.None, unicode: true), new CellGrid(8, 1));
        Write(writer, grid);
        grid.Write(0, 0, "中文ab");
        var whole = Write(writer, grid);
        grid.Write(0, 0, "x ");
        Assert.That((whole, Write(writer, grid)), Is.EqualTo(("\u001b[1;1H中文ab\u001b[0m", "\u001b[1;1Hx \u001b[0m")));
    }

    [Test]
    public void Writes_text_again_that_a_picture_was_drawn_over_and_nothing_else()
    {
        var (writer, grid) = (new CellWriter(ColorDepth.None, unicode: true), new CellGrid(8, 2));
        grid.Write(0, 2, "ab");
        grid.Write(1, 0, "below");
        Write(writer, grid);
        writer.Overdrawn(new(0, 0, 1, 8));
        Assert.That((Write(writer, grid), Write(writer, grid)), Is.EqualTo(("\u001b[1;3Hab\u001b[0m", "")));
    }

    [Test]
    public void Writes_question_marks_where_there_is_ascii_only()
    {
        var grid = new CellGrid(8, 1);
        grid.Write(0, 0, "a▀ä");
        Assert.That(Write(new(ColorDepth.None, unicode: false), grid), Does.Contain("a??"));
    }

    private static string Write(CellWriter writer, CellGrid grid) => Encoding.UTF8.GetString(writer.Write(grid).Span);
}
