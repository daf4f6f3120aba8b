using Scdn.Host.Roles.ContentServer;

namespace Scdn.Host.Tests.Roles.ContentServer;

internal sealed class BitRateTests
{
    [TestCase("12Mbit", 1_500_000)]
    [TestCase("1.5Gbit", 187_500_000)]
    [TestCase("800kbit/s", 100_000)]
    [TestCase("8192bit", 1024)]
    public void Reads_bits_per_second_as_bytes(string text, long bytes)
    {
        Assert.That(BitRate.TryParse(text, out var rate));
        Assert.That(rate, Is.EqualTo(bytes));
    }

    [TestCase("")]
    [TestCase("12")]
    [TestCase("12MB")]
    [TestCase("-1Mbit")]
    [TestCase("0Mbit")]
    [TestCase("8191bit")]
    [TestCase("12 Mbit ")]
    [TestCase("999999999999Gbit")]
    public void Refuses_what_is_no_rate(string text) => Assert.That(BitRate.TryParse(text, out _), Is.False);
}
