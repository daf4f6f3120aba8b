using System.Buffers;

namespace Scdn.Player.Screen;

/// <summary>Draws pictures pixel by pixel on terminals that can show them.</summary>
internal interface IPixelPainter : IDisposable
{
    /// <summary>Whether what is written lies over the picture whatever is written first; else it has to be written again after each picture.</summary>
    bool KeepsText { get; }

    /// <summary>Writes what draws a picture.</summary>
    /// <param name="output">Gets it.</param>
    /// <param name="box">The cells that it goes to.</param>
    /// <param name="pixels">Red, green and blue of each pixel.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    void Paint(IBufferWriter<byte> output, PictureBox box, ReadOnlySpan<byte> pixels, int width, int height);
}
