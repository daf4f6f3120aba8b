using System.Buffers;
using System.Text;

namespace Scdn.Player.Screen;

/// <summary>
/// Makes what a terminal shows into what it is to show: writes the cells that have changed, and as little else as it can (ECMA-48 cursor movements and colours). Not thread-safe.
/// </summary>
/// <param name="depth">How many colours the terminal shows.</param>
/// <param name="unicode">Whether it takes UTF-8; else what is not ASCII is a question mark.</param>
internal sealed class CellWriter(ColorDepth depth, bool unicode)
{
    /// <summary>So many cells are written again rather than stepped over, which takes as many bytes.</summary>
    private const int ShortGap = 4;

    private static readonly Rune Unknown = new('?');

    private readonly ArrayBufferWriter<byte> _out = new(64 * 1024);
    private CellGrid? _shown;
    private (int Row, int Column)? _cursor;
    private (Color Front, Color Back)? _colors;

    /// <summary>Nobody knows any more what the terminal shows: the next one is drawn whole.</summary>
    public void Forget() => _shown = null;

    /// <summary>A picture was drawn over these cells: what they are to show beside it is written again.</summary>
    public void Overdrawn(PictureBox box)
    {
        if (_shown is null) return;
        for (var row = box.Row; row < Math.Min(box.Row + box.Rows, _shown.Rows); row++)
        {
            foreach (ref var cell in _shown.Row(row)[box.Column..Math.Min(box.Column + box.Columns, _shown.Columns)])
            {
                if (cell != Cell.Blank) cell = default;
            }
        }
    }

    /// <summary>The bytes that change the terminal; good until the next call. None when nothing has changed.</summary>
    public ReadOnlyMemory<byte> Write(CellGrid grid)
    {
        _out.ResetWrittenCount();
        (_cursor, _colors) = (null, null);
        var isNew = _shown is null || _shown.Columns != grid.Columns || _shown.Rows != grid.Rows;
        if (isNew)
        {
            _shown = new(grid.Columns, grid.Rows);
            Put("\u001b[0m\u001b[2J"u8);
            _colors = (Color.Default, Color.Default);
        }

        for (var row = 0; row < grid.Rows; row++) WriteRow(row, grid.Row(row), _shown!.Row(row));
        if (_out.WrittenCount > 0) Put("\u001b[0m"u8);
        return _out.WrittenMemory;
    }

    private void WriteRow(int row, ReadOnlySpan<Cell> wanted, Span<Cell> shown)
    {
        for (var column = 0; column < wanted.Length; column++)
        {
            if (wanted[column] == shown[column]) continue;
            shown[column] = wanted[column];
            // It is written with the character whose second column it is.
            if (wanted[column].Character == Cell.Covered) continue;
            Go(row, column, wanted);
            WriteCell(wanted[column]);
            var next = column + 1;
            if (next < wanted.Length && wanted[next].Character == Cell.Covered) next++;
            // After the last column, terminals differ.
            _cursor = next < wanted.Length ? (row, next) : null;
        }
    }

    private void Go(int row, int column, ReadOnlySpan<Cell> cells)
    {
        if (_cursor is { } at && at.Row == row && column - at.Column is >= 0 and <= ShortGap && !Holds(cells[at.Column..column], Cell.Covered))
        {
            for (var between = at.Column; between < column; between++) WriteCell(cells[between]);
            return;
        }

        _out.MoveTo(row, column);
    }

    private static bool Holds(ReadOnlySpan<Cell> cells, Rune character)
    {
        foreach (var cell in cells)
        {
            if (cell.Character == character) return true;
        }

        return false;
    }

    private void WriteCell(Cell cell)
    {
        if (depth is not ColorDepth.None && _colors != (cell.Front, cell.Back))
        {
            if (_colors is not { } now || now.Front != cell.Front) PutColor(cell.Front, isBack: false);
            if (_colors is not { } before || before.Back != cell.Back) PutColor(cell.Back, isBack: true);
            _colors = (cell.Front, cell.Back);
        }

        _out.Advance((unicode || cell.Character.IsAscii ? cell.Character : Unknown).EncodeToUtf8(_out.GetSpan(4)));
    }

    private void PutColor(Color color, bool isBack)
    {
        Put("\u001b["u8);
        if (color.IsDefault) Put(isBack ? 49 : 39);
        else if (depth is ColorDepth.Full)
        {
            Put(isBack ? "48;2;"u8 : "38;2;"u8);
            Put(color.Red);
            Put(";"u8);
            Put(color.Green);
            Put(";"u8);
            Put(color.Blue);
        }
        else if (depth is ColorDepth.TwoHundredFiftySix)
        {
            Put(isBack ? "48;5;"u8 : "38;5;"u8);
            Put(Palette.Of256(color));
        }
        else
        {
            var number = Palette.Of16(color);
            Put((number < 8 ? 30 : 82) + number + (isBack ? 10 : 0));
        }

        Put("m"u8);
    }

    private void Put(ReadOnlySpan<byte> bytes) => _out.Write(bytes);

    private void Put(int number) => _out.WriteNumber(number);
}
