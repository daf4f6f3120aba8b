using Scdn.Player.Screen;

namespace Scdn.Player.Tests.Screen;

internal sealed class PictureTests
{
    [TestCase(120, 32, 16d / 9, 0, 3, 32, 114)]
    [TestCase(80, 22, 4d / 3, 0, 10, 22, 59)]
    [TestCase(80, 40, 16d / 9, 8, 0, 22, 80)]
    [TestCase(300, 78, 2.4, 7, 0, 62, 300)]
    [TestCase(2, 1, 10, 0, 0, 1, 2)]
    public void Is_as_large_as_fits_in_its_shape_and_in_the_middle(int columns, int rows, double shape, int top, int left, int height, int width)
    {
        var box = PictureBox.Fit(columns, rows, shape, cellShape: 2);
        Assert.That((box.Rows, box.Columns), Is.EqualTo((height, width)).Using<(int, int)>((a, b) => Math.Abs(a.Item1 - b.Item1) <= 1 && Math.Abs(a.Item2 - b.Item2) <= 1));
        Assert.That((box.Row, box.Column), Is.EqualTo((top, left)).Using<(int, int)>((a, b) => Math.Abs(a.Item1 - b.Item1) <= 1 && Math.Abs(a.Item2 - b.Item2) <= 1));
        Assert.That(box.Row + box.Rows <= rows && box.Column + box.Columns <= columns);
    }

    [Test]
    public void Is_made_smaller_by_the_mean_of_its_pixels()
    {
        byte[] from = [0, 0, 0, 200, 100, 50, 100, 100, 100, 100, 200, 250];
        var to = new byte[3];
        PictureScaler.Scale(from, 2, 2, to, 1, 1);
        Assert.That(to, Is.EqualTo(new byte[] { 100, 100, 100 }));
    }

    [Test]
    public void Is_made_larger_by_its_own_pixels()
    {
        byte[] from = [1, 2, 3, 9, 8, 7];
        var to = new byte[12];
        PictureScaler.Scale(from, 2, 1, to, 4, 1);
        Assert.That(to, Is.EqualTo(new byte[] { 1, 2, 3, 1, 2, 3, 9, 8, 7, 9, 8, 7 }));
    }

    [Test]
    public void Is_two_pixels_to_a_cell_with_half_blocks_and_one_shade_without()
    {
        byte[] pixels = [255, 0, 0, 0, 0, 255];
        var (blocks, shades) = (new CellGrid(1, 1), new CellGrid(1, 1));
        new CellPainter(ColorDepth.Full, unicode: true).Paint(blocks, new(0, 0, 1, 1), pixels, 1, 2);
        new CellPainter(ColorDepth.None, unicode: false).Paint(shades, new(0, 0, 1, 1), pixels, 1, 2);
        Assert.That(blocks.Row(0)[0], Is.EqualTo(new Cell(new('▀'), new(255, 0, 0), new(0, 0, 255))));
        Assert.That((shades.Row(0)[0].Character.Value, shades.Row(0)[0].Front.IsDefault), Is.EqualTo(((int)':', true)));
    }
}
