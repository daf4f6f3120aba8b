namespace Scdn.Player.Screen;

/// <summary>Colours that terminals know by a number: the nearest one to any (xterm's table of 256: 16 to 231 a cube of six levels, 232 to 255 greys).</summary>
internal static class Palette
{
    private static readonly int[] Levels = [0, 95, 135, 175, 215, 255];

    // For four bits of each channel.
    private static readonly byte[] Nearest256 = Table(NearestInCube);
    private static readonly byte[] Nearest16 = Table(NearestBasic);

    /// <summary>Of 256.</summary>
    public static byte Of256(Color color) => Nearest256[Index(color)];

    /// <summary>Of 16.</summary>
    public static byte Of16(Color color) => Nearest16[Index(color)];

    private static int Index(Color color) => ((color.Red >> 4) << 8) | ((color.Green >> 4) << 4) | (color.Blue >> 4);

    private static byte[] Table(Func<int, int, int, byte> nearest)
    {
        var table = new byte[4096];
        for (var index = 0; index < table.Length; index++) table[index] = nearest((index >> 8) * 17, ((index >> 4) & 15) * 17, (index & 15) * 17);
        return table;
    }

    private static byte NearestInCube(int red, int green, int blue)
    {
        var (r, g, b) = (Level(red), Level(green), Level(blue));
        var grey = Math.Clamp(((red + green + blue) / 3 - 3) / 10, 0, 23);
        var shade = 8 + (grey * 10);
        return Distance(red - Levels[r], green - Levels[g], blue - Levels[b]) <= Distance(red - shade, green - shade, blue - shade)
            ? (byte)(16 + (36 * r) + (6 * g) + b)
            : (byte)(232 + grey);
    }

    private static byte NearestBasic(int red, int green, int blue)
    {
        var best = 0;
        var least = int.MaxValue;
        for (var candidate = 0; candidate < 16; candidate++)
        {
            // Dark ones are two thirds, bright ones all; 7 and 8 are the greys between.
            var high = candidate switch { < 7 => 170, 7 => 192, 8 => 96, _ => 255 };
            var distance = candidate == 8
                ? Distance(red - high, green - high, blue - high)
                : Distance(red - ((candidate & 1) * high), green - (((candidate >> 1) & 1) * high), blue - (((candidate >> 2) & 1) * high));
            if (distance < least) (least, best) = (distance, candidate);
        }

        return (byte)best;
    }

    private static int Level(int value) => value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;

    private static int Distance(int red, int green, int blue) => (red * red) + (green * green) + (blue * blue);
}
