namespace Scdn.Player.Screen;

/// <summary>Makes pictures smaller or larger: each pixel is the mean of those that lie under it.</summary>
internal static class PictureScaler
{
    /// <summary>Bytes of a pixel: red, green, blue.</summary>
    public const int PixelBytes = 3;

    /// <summary>Scales a picture.</summary>
    /// <param name="from">Its pixels, from left to right, then from top to bottom.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="to">Gets the pixels.</param>
    /// <param name="newWidth">The width that it gets.</param>
    /// <param name="newHeight">The height that it gets.</param>
    public static void Scale(ReadOnlySpan<byte> from, int width, int height, Span<byte> to, int newWidth, int newHeight)
    {
        for (var y = 0; y < newHeight; y++)
        {
            var (top, bottom) = Under(y, height, newHeight);
            for (var x = 0; x < newWidth; x++)
            {
                var (left, right) = Under(x, width, newWidth);
                var (red, green, blue) = (0, 0, 0);
                for (var row = top; row < bottom; row++)
                {
                    var pixels = from.Slice(((row * width) + left) * PixelBytes, (right - left) * PixelBytes);
                    for (var at = 0; at < pixels.Length; at += PixelBytes)
                    {
                        red += pixels[at];
                        green += pixels[at + 1];
                        blue += pixels[at + 2];
                    }
                }

                var count = (bottom - top) * (right - left);
                var target = to.Slice(((y * newWidth) + x) * PixelBytes, PixelBytes);
                (target[0], target[1], target[2]) = ((byte)(red / count), (byte)(green / count), (byte)(blue / count));
            }
        }
    }

    private static (int From, int To) Under(int place, int size, int newSize)
    {
        var from = (int)((long)place * size / newSize);
        return (from, Math.Max(from + 1, (int)((long)(place + 1) * size / newSize)));
    }
}
