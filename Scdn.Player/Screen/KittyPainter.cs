using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;

namespace Scdn.Player.Screen;

/// <summary>Pictures by the terminal graphics protocol of kitty (https://sw.kovidgoyal.net/kitty/graphics-protocol/): sent as they are, made as large as their cells by the terminal, under the text. Not thread-safe.</summary>
internal sealed class KittyPainter : IPixelPainter
{
    /// <summary>Base64 of one sequence, at most.</summary>
    private const int ChunkSize = 4096;

    private readonly MemoryStream _packed = new();
    private byte[] _text = [];

    public bool KeepsText => true;

    public void Dispose() => _packed.Dispose();

    public void Paint(IBufferWriter<byte> output, PictureBox box, ReadOnlySpan<byte> pixels, int width, int height)
    {
        _packed.SetLength(0);
        using (var packing = new ZLibStream(_packed, CompressionLevel.Fastest, leaveOpen: true)) packing.Write(pixels);
        var packed = _packed.GetBuffer().AsSpan(0, (int)_packed.Length);
        if (_text.Length < Base64.GetMaxEncodedToUtf8Length(packed.Length)) _text = new byte[Base64.GetMaxEncodedToUtf8Length(packed.Length)];
        Base64.EncodeToUtf8(packed, _text, out _, out var length);
        output.MoveTo(box.Row, box.Column);
        for (var at = 0; at < length; at += ChunkSize)
        {
            var chunk = _text.AsSpan(at, Math.Min(ChunkSize, length - at));
            output.Write("\u001b_G"u8);
            if (at == 0)
            {
                // Shown at once (a=T) in place of the one before (i, p), without an answer (q=2), without moving the cursor (C=1), under the text (z).
                output.Write("a=T,i=1,p=1,q=2,C=1,z=-1,f=24,o=z,s="u8);
                output.WriteNumber(width);
                output.Write(",v="u8);
                output.WriteNumber(height);
                output.Write(",c="u8);
                output.WriteNumber(box.Columns);
                output.Write(",r="u8);
                output.WriteNumber(box.Rows);
                output.Write(","u8);
            }

            output.Write(at + ChunkSize < length ? "m=1;"u8 : "m=0;"u8);
            output.Write(chunk);
            output.Write("\u001b\\"u8);
        }
    }
}
