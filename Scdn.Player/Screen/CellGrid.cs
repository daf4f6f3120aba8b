using System.Text;
using Wcwidth;

namespace Scdn.Player.Screen;

/// <summary>What is to stand on a terminal, cell by cell. What lies outside is not drawn. Not thread-safe.</summary>
/// <param name="columns">Across.</param>
/// <param name="rows">Down.</param>
internal sealed class CellGrid(int columns, int rows)
{
    private readonly Cell[] _cells = NewCells(columns * rows);

    public int Columns => columns;

    public int Rows => rows;

    /// <summary>The cells of a row.</summary>
    public Span<Cell> Row(int row) => _cells.AsSpan(row * columns, columns);

    /// <summary>Takes everything away.</summary>
    public void Clear() => _cells.AsSpan().Fill(Cell.Blank);

    /// <summary>Writes a line from a place on, and gives the column after it. Nothing of it moves the cursor or colours anything, whatever it holds.</summary>
    public int Write(int row, int column, string text, Color front = default, Color back = default)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var width = WidthOf(rune);
            if (width > 0) Put(row, column, rune, width, front, back);
            column += width;
        }

        return column;
    }

    /// <summary>Columns that a text takes.</summary>
    public static int WidthOf(string text) => text.EnumerateRunes().Sum(WidthOf);

    // Characters that move the cursor take no column, like those that are written over the one before: neither is drawn.
    private static int WidthOf(Rune rune) => Math.Max(0, UnicodeCalculator.GetWidth(rune));

    private void Put(int row, int column, Rune rune, int width, Color front, Color back)
    {
        if (row < 0 || row >= rows || column < 0 || column + width > columns) return;
        var cells = Row(row);
        cells[column] = new(rune, front, back);
        if (width == 2) cells[column + 1] = new(Cell.Covered, front, back);
    }

    private static Cell[] NewCells(int count)
    {
        var cells = new Cell[count];
        cells.AsSpan().Fill(Cell.Blank);
        return cells;
    }
}
