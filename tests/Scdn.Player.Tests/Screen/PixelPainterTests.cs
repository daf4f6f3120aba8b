using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Scdn.Player.Screen;

namespace Scdn.Player.Tests.Screen;

/// <summary>What is written is read again as a terminal would.</summary>
internal sealed class PixelPainterTests
{
    [Test]
    public void Kitty_gets_the_picture_as_it_is_in_pieces_and_where_it_goes()
    {
        var pixels = new byte[100 * 60 * 3];
        new Random(1).NextBytes(pixels);
        using var painter = new KittyPainter();
        var written = Paint(painter, new(2, 3, 10, 20), pixels, 100, 60);

        var sequences = written.Split("\u001b\\", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(sequences[0], Does.StartWith("\u001b[3;4H\u001b_Ga=T,i=1,p=1,q=2,C=1,z=-1,f=24,o=z,s=100,v=60,c=20,r=10,m=1;"));
        Assert.That(sequences[1..^1].Select(sequence => sequence[..7]), Is.All.EqualTo("\u001b_Gm=1;"));
        Assert.That(sequences[^1], Does.StartWith("\u001b_Gm=0;"));
        Assert.That(sequences.Select(sequence => sequence[(sequence.IndexOf(';', sequence.IndexOf('G', StringComparison.Ordinal)) + 1)..].Length), Is.All.LessThanOrEqualTo(4096));
        var packed = Convert.FromBase64String(string.Concat(sequences.Select(sequence => sequence[(sequence.LastIndexOf(';') + 1)..])));
        using var unpacked = new MemoryStream();
        using (var unpacking = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress)) unpacking.CopyTo(unpacked);
        Assert.That(unpacked.ToArray(), Is.EqualTo(pixels));
    }

    [TestCase(256)]
    [TestCase(16)]
    public void Sixels_show_about_the_same_colours_in_the_same_places(int registers)
    {
        // Red, green, blue and grey in the corners, over cells of 10 by 20.
        byte[] pixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 120, 120, 120];
        using var painter = new SixelPainter(10, 20, registers);
        Paint(painter, new(0, 0, 1, 2), pixels, 2, 2);
        var (width, height, shown) = ReadSixels(Paint(painter, new(0, 0, 1, 2), pixels, 2, 2));

        Assert.That((width, height), Is.EqualTo((20, 20)));
        Assert.That(shown.Distinct().Count(), Is.LessThanOrEqualTo(registers));
        foreach (var (x, y, red, green, blue) in ((int, int, int, int, int)[])[(5, 5, 255, 0, 0), (15, 5, 0, 255, 0), (5, 15, 0, 0, 255), (15, 15, 120, 120, 120)])
            Assert.That(Mean(shown, width, x, y), Is.EqualTo((red, green, blue)).Using<(int, int, int)>((a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) + Math.Abs(a.Item3 - b.Item3) < 30), $"at {x}, {y}");
    }

    [Test]
    public void Sixels_are_not_wider_than_what_a_terminal_can_take()
    {
        using var painter = new SixelPainter(10, 20, 256);
        var written = Paint(painter, new(0, 0, 40, 300), new byte[12], 2, 2);
        Assert.That(written, Does.StartWith("\u001b[16;111H\u001bP0;1;0q\"1;1;800;200"));
    }

    private static string Paint(IPixelPainter painter, PictureBox box, byte[] pixels, int width, int height)
    {
        var output = new ArrayBufferWriter<byte>();
        painter.Paint(output, box, pixels, width, height);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }

    // The mean of four by four pixels, which is what dithering keeps.
    private static (int Red, int Green, int Blue) Mean((int Red, int Green, int Blue)[] pixels, int width, int x, int y)
    {
        var around = Enumerable.Range(0, 16).Select(number => pixels[((y - 2 + (number / 4)) * width) + x - 2 + (number % 4)]).ToList();
        return (around.Sum(pixel => pixel.Red) / 16, around.Sum(pixel => pixel.Green) / 16, around.Sum(pixel => pixel.Blue) / 16);
    }

    private static (int Width, int Height, (int, int, int)[] Pixels) ReadSixels(string text)
    {
        var at = text.IndexOf('q', StringComparison.Ordinal) + 1;
        Assert.That(text[at], Is.EqualTo('"'));
        var size = Numbers(text, ref at);
        var (width, height) = (size[2], size[3]);
        var pixels = new (int, int, int)[width * height];
        var palette = new Dictionary<int, (int, int, int)>();
        var (x, band, color) = (0, 0, 0);
        while (text[at] != '\u001b')
        {
            switch (text[at])
            {
                case '#':
                    var chosen = Numbers(text, ref at);
                    color = chosen[0];
                    if (chosen.Count == 5) palette[color] = (chosen[2] * 255 / 100, chosen[3] * 255 / 100, chosen[4] * 255 / 100);
                    break;
                case '$':
                    (x, at) = (0, at + 1);
                    break;
                case '-':
                    (x, band, at) = (0, band + 6, at + 1);
                    break;
                default:
                    var run = text[at] == '!' ? Numbers(text, ref at)[0] : 1;
                    for (; run > 0; run--, x++)
                    {
                        for (var row = 0; row < 6; row++)
                        {
                            if (((text[at] - '?') >> row & 1) == 1) pixels[((band + row) * width) + x] = palette[color];
                        }
                    }

                    at++;
                    break;
            }
        }

        return (width, height, pixels);
    }

    private static List<int> Numbers(string text, ref int at)
    {
        var numbers = new List<int>();
        do
        {
            var start = ++at;
            while (char.IsAsciiDigit(text[at])) at++;
            numbers.Add(int.Parse(text[start..at], CultureInfo.InvariantCulture));
        }
        while (text[at] == ';');

        return numbers;
    }
}
