using System.Text;

namespace Scdn.Player.Screen;

/// <summary>Where on the screen a picture goes: as large as fits, with its shape kept, in the middle.</summary>
/// <param name="Row">The first row.</param>
/// <param name="Column">The first column.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
internal readonly record struct PictureBox(int Row, int Column, int Rows, int Columns)
{
    /// <summary>Fits a picture into the upper rows.</summary>
    /// <param name="columns">Columns there are.</param>
    /// <param name="rows">Rows there are.</param>
    /// <param name="shape">How much wider the picture is than tall.</param>
    /// <param name="cellShape">How much taller a cell is than wide.</param>
    public static PictureBox Fit(int columns, int rows, double shape, double cellShape)
    {
        var across = Math.Min(columns, (int)Math.Round(rows * cellShape * shape));
        var down = Math.Min(rows, (int)Math.Round(across / (cellShape * shape)));
        (across, down) = (Math.Clamp(across, Math.Min(1, columns), columns), Math.Clamp(down, Math.Min(1, rows), rows));
        return new((rows - down) / 2, (columns - across) / 2, down, across);
    }
}

/// <summary>Draws pictures with characters: two pixels to a cell where there are half blocks, else by how bright they are. Not thread-safe.</summary>
/// <param name="colors">How many colours there are.</param>
/// <param name="unicode">Whether there are half blocks.</param>
internal sealed class CellPainter(ColorDepth colors, bool unicode)
{
    private const string Ramp = " .:-=+*#%@";

    private static readonly Rune UpperHalf = new('▀');

    private byte[] _pixels = [];

    /// <summary>Draws a picture.</summary>
    /// <param name="grid">Where.</param>
    /// <param name="box">In which part of it.</param>
    /// <param name="pixels">Red, green and blue of each pixel.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    public void Paint(CellGrid grid, PictureBox box, ReadOnlySpan<byte> pixels, int width, int height)
    {
        var halves = unicode && colors is not ColorDepth.None;
        var lines = halves ? box.Rows * 2 : box.Rows;
        var size = box.Columns * lines * PictureScaler.PixelBytes;
        if (_pixels.Length < size) _pixels = new byte[size];
        PictureScaler.Scale(pixels, width, height, _pixels, box.Columns, lines);
        for (var row = 0; row < box.Rows; row++)
        {
            var cells = grid.Row(box.Row + row)[box.Column..];
            for (var column = 0; column < box.Columns; column++)
            {
                cells[column] = halves
                    ? new(UpperHalf, At(box, row * 2, column), At(box, (row * 2) + 1, column))
                    : Shade(At(box, row, column));
            }
        }
    }

    private Color At(PictureBox box, int line, int column)
    {
        var pixel = _pixels.AsSpan(((line * box.Columns) + column) * PictureScaler.PixelBytes, PictureScaler.PixelBytes);
        return new(pixel[0], pixel[1], pixel[2]);
    }

    private Cell Shade(Color color)
    {
        // ITU-R BT.601.
        var bright = ((color.Red * 299) + (color.Green * 587) + (color.Blue * 114)) / 1000;
        return new(new(Ramp[bright * Ramp.Length / 256]), colors is ColorDepth.None ? Color.Default : color, Color.Default);
    }
}
