namespace Scdn.Cli.Tests.Commands;

internal sealed class InspectTests : CliFixture
{
    [Test]
    public async Task Shows_what_is_sealed_only_with_the_key()
    {
        var header = await SplitAsync();
        var closed = await DoneAsync("inspect", header);
        var open = await DoneAsync("inspect", header, "--key", Folder["out/film.mp4.key"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(closed, Does.Contain("The rest is sealed").And.Not.Contain("video/mp4"));
            Assert.That(open, Does.Contain("video/mp4"));
        }
    }

    [Test]
    public async Task Draws_the_file_as_a_bar_for_who_has_the_key()
    {
        var header = await SplitAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await DoneAsync("inspect", header, "--map", "--key", Folder["out/film.mp4.key"]), Does.Contain("█").And.Contain("─").And.Contain("head"));
            Assert.That(await RefusedAsync("inspect", header, "--map"), Does.Contain("--key"));
        }
    }

    [Test]
    public async Task Lists_with_json_every_part_and_with_the_key_what_it_carries()
    {
        var header = await SplitAsync();
        var open = Json(await DoneAsync("inspect", header, "--key", Folder["out/film.mp4.key"], "--json"));
        var carried = open.GetProperty("parts").EnumerateArray().SelectMany(part => part.GetProperty("extents").EnumerateArray()).Sum(extent => extent[1].GetInt64());
        Assert.That(carried, Is.EqualTo(new FileInfo(Sample.Film).Length));
    }

    [Test]
    public async Task Says_why_a_header_can_not_be_detected()
    {
        var header = File.ReadAllBytes(await SplitAsync());
        var cases = new (string Name, byte[] Bytes, string Why)[]
        {
            ("other", "this is no header"u8.ToArray(), "not a header"),
            ("nothing", [], "not a header"),
            ("short", header[..^1], "promises"),
            ("half", header[..(header.Length / 2)], "promises"),
            ("changed", Changed(header, header.Length / 2), ""),
            ("future", Changed(header, FirstVersionByte(header)), "version"),
        };
        using (Assert.EnterMultipleScope())
        {
            foreach (var (name, bytes, why) in cases)
            {
                foreach (var command in (string[][])[["inspect"], ["merge", "--out", Folder["merged"]]])
                {
                    var sentence = await RefusedAsync([.. command, Folder.Write($"{name}.enp", bytes)]);
                    Assert.That(sentence, Does.Contain("cannot be detected").And.Contain(why), $"{command[0]} {name}");
                }
            }

            Assert.That(File.Exists(Folder["merged"]), Is.False);
        }
    }

    private static byte[] Changed(byte[] bytes, int at)
    {
        var copy = bytes.ToArray();
        copy[at] ^= 0x40;
        return copy;
    }

    /// <summary>The version follows the magic: the first two bytes that say 1.</summary>
    private static int FirstVersionByte(byte[] header) => header.AsSpan().IndexOf((ReadOnlySpan<byte>)[0, 1]) + 1;
}
