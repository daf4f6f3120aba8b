using System.Buffers;

namespace Scdn.Player.Screen;

/// <summary>
/// Pictures by sixels (DEC STD 070, chapter 9): in up to 216 colours, dithered in an order, six rows of pixels at a time, each colour of them in turn. Not thread-safe.
/// </summary>
/// <param name="cellWidth">Pixels of a cell across.</param>
/// <param name="cellHeight">Pixels of a cell down.</param>
/// <param name="registers">How many colours the terminal holds, 8 or more.</param>
internal sealed class SixelPainter(int cellWidth, int cellHeight, int registers) : IPixelPainter
{
    private const int BandHeight = 6;
    private const int MostLevels = 6;

    /// <summary>Wider ones are sent smaller: what goes through a terminal at 24 pictures a second is limited.</summary>
    private const int MostWidth = 800;

    // Bayer's matrix, as sixteenths of a step between two levels.
    private static readonly byte[] Dither = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];

    private readonly int _levels = LevelsOf(registers);
    // Level and what is left over, in sixteenths, for each value of a channel.
    private readonly (byte Level, byte Left)[] _steps = StepsOf(LevelsOf(registers));
    private readonly bool[] _isUsed = new bool[MostLevels * MostLevels * MostLevels];
    private readonly List<int> _used = [];
    private byte[] _scaled = [];
    private byte[] _bits = [];
    private int _bitsAcross;

    public bool KeepsText => false;

    public void Dispose()
    {
        // Nothing is held.
    }

    public void Paint(IBufferWriter<byte> output, PictureBox box, ReadOnlySpan<byte> pixels, int width, int height)
    {
        var (across, down) = (box.Columns * cellWidth, box.Rows * cellHeight);
        var (left, top) = (box.Column, box.Row);
        if (across > MostWidth)
        {
            // In whole cells, in the middle.
            var columns = MostWidth / cellWidth;
            var rows = Math.Max(1, box.Rows * columns / box.Columns);
            (left, top, across, down) = (left + ((box.Columns - columns) / 2), top + ((box.Rows - rows) / 2), columns * cellWidth, rows * cellHeight);
        }

        var size = across * down * PictureScaler.PixelBytes;
        if (_scaled.Length < size) _scaled = new byte[size];
        if (_bitsAcross != across)
        {
            (_bits, _bitsAcross) = (new byte[_levels * _levels * _levels * across], across);
            Array.Clear(_isUsed);
            _used.Clear();
        }

        PictureScaler.Scale(pixels, width, height, _scaled, across, down);
        output.MoveTo(top, left);
        output.Write("\u001bP0;1;0q\"1;1;"u8);
        output.WriteNumber(across);
        output.Write(";"u8);
        output.WriteNumber(down);
        WritePalette(output);
        for (var band = 0; band < down; band += BandHeight)
        {
            Sort(band, across, Math.Min(BandHeight, down - band));
            WriteBand(output, across);
        }

        output.Write("\u001b\\"u8);
    }

    private static int LevelsOf(int registers)
    {
        var levels = MostLevels;
        while (levels > 2 && levels * levels * levels > registers) levels--;
        return levels;
    }

    private static (byte Level, byte Left)[] StepsOf(int levels) => [.. Enumerable.Range(0, 256).Select(value => ((byte)(value * (levels - 1) / 255), (byte)(value * (levels - 1) % 255 * 16 / 255)))];

    private void WritePalette(IBufferWriter<byte> output)
    {
        for (var color = 0; color < _levels * _levels * _levels; color++)
        {
            output.Write("#"u8);
            output.WriteNumber(color);
            output.Write(";2;"u8);
            output.WriteNumber(color / (_levels * _levels) * 100 / (_levels - 1));
            output.Write(";"u8);
            output.WriteNumber(color / _levels % _levels * 100 / (_levels - 1));
            output.Write(";"u8);
            output.WriteNumber(color % _levels * 100 / (_levels - 1));
        }
    }

    // Which colours a band has, and where.
    private void Sort(int band, int across, int rows)
    {
        foreach (var color in _used)
        {
            _isUsed[color] = false;
            _bits.AsSpan(color * across, across).Clear();
        }

        _used.Clear();
        for (var row = 0; row < rows; row++)
        {
            var line = _scaled.AsSpan((band + row) * across * PictureScaler.PixelBytes, across * PictureScaler.PixelBytes);
            for (var x = 0; x < across; x++)
            {
                var threshold = Dither[(((band + row) & 3) * 4) + (x & 3)];
                var at = x * PictureScaler.PixelBytes;
                var color = (((LevelOf(line[at], threshold) * _levels) + LevelOf(line[at + 1], threshold)) * _levels) + LevelOf(line[at + 2], threshold);
                if (!_isUsed[color])
                {
                    _isUsed[color] = true;
                    _used.Add(color);
                }

                _bits[(color * across) + x] |= (byte)(1 << row);
            }
        }
    }

    private int LevelOf(byte value, int threshold) => _steps[value] is var (level, left) && left > threshold ? level + 1 : level;

    private void WriteBand(IBufferWriter<byte> output, int across)
    {
        foreach (var color in _used)
        {
            output.Write("#"u8);
            output.WriteNumber(color);
            WriteRow(output, _bits.AsSpan(color * across, across));
            output.Write("$"u8);
        }

        output.Write("-"u8);
    }

    private static void WriteRow(IBufferWriter<byte> output, ReadOnlySpan<byte> bits)
    {
        var end = bits.LastIndexOfAnyExcept((byte)0) + 1;
        for (var at = 0; at < end;)
        {
            var run = 1;
            while (at + run < end && bits[at + run] == bits[at]) run++;
            WriteRun(output, run, (byte)(bits[at] + '?'));
            at += run;
        }
    }

    private static void WriteRun(IBufferWriter<byte> output, int run, byte sixel)
    {
        if (run > 3)
        {
            output.Write("!"u8);
            output.WriteNumber(run);
            run = 1;
        }

        output.GetSpan(run)[..run].Fill(sixel);
        output.Advance(run);
    }
}
