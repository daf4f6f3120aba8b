namespace Scdn.Player.Tests;

internal sealed class SizeBytesTests
{
    [TestCase("65536", 65536)]
    [TestCase("64KiB", 65536)]
    [TestCase("8MiB", 8 << 20)]
    [TestCase("8 mib", 8 << 20)]
    [TestCase("1GiB", 1 << 30)]
    public void Reads_sizes_as_people_write_them(string text, long bytes)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(SizeBytes.TryParse(text, out var parsed));
            Assert.That(parsed, Is.EqualTo(bytes));
        }
    }

    [TestCase("")]
    [TestCase("MiB")]
    [TestCase("-1")]
    [TestCase("1.5MiB")]
    [TestCase("8MB")]
    [TestCase("9999999999GiB")]
    [TestCase("99999999999999999999")]
    public void Refuses_what_is_no_size(string text) => Assert.That(SizeBytes.TryParse(text, out _), Is.False);
}
