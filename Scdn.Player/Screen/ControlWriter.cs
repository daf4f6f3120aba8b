using System.Buffers;
using System.Buffers.Text;

namespace Scdn.Player.Screen;

/// <summary>Writes control sequences (ECMA-48).</summary>
internal static class ControlWriter
{
    /// <summary>Writes a number in decimal.</summary>
    public static void WriteNumber(this IBufferWriter<byte> output, int number)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(11), out var written);
        output.Advance(written);
    }

    /// <summary>Moves the cursor (CUP).</summary>
    /// <param name="output">Gets it.</param>
    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    public static void MoveTo(this IBufferWriter<byte> output, int row, int column)
    {
        output.Write("\u001b["u8);
        output.WriteNumber(row + 1);
        output.Write(";"u8);
        output.WriteNumber(column + 1);
        output.Write("H"u8);
    }
}
