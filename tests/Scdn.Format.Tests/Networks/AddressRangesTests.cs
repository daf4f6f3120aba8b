using System.Net;

namespace Scdn.Format.Tests.Networks;

[TestFixture]
internal sealed class AddressRangesTests
{
    [TestCase("10.0.0.0/8", "10.255.0.1", true)]
    [TestCase("10.0.0.0/8", "11.0.0.1", false)]
    [TestCase("192.0.2.7", "192.0.2.7", true)]
    [TestCase("192.0.2.7", "192.0.2.8", false)]
    [TestCase("10.0.0.0/8, 2001:db8::/32", "2001:db8::1", true)]
    [TestCase("10.0.0.0/8 192.0.2.0/24", "192.0.2.1", true)]
    [TestCase("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [TestCase("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [TestCase("::/0", "10.1.2.3", false)]
    [TestCase("0.0.0.0/0", "::1", false)]
    public void Holds_an_address_or_not(string text, string address, bool held) => Assert.That(Parse(text).Contains(IPAddress.Parse(address)), Is.EqualTo(held));

    [TestCase("")]
    [TestCase(",")]
    [TestCase("10.0.0.0/33")]
    [TestCase("10.0.0.1/8")]
    [TestCase("10.0.0.0/-1")]
    [TestCase("10.0.0.0/")]
    [TestCase("2001:db8::/129")]
    [TestCase("2001:db8::1/32")]
    [TestCase("::ffff:10.0.0.1/104")]
    [TestCase("fe80::1%eth0")]
    [TestCase("10")]
    [TestCase("10.1")]
    [TestCase("0x0a000000/8")]
    [TestCase("010.0.0.0/8")]
    [TestCase("localhost")]
    [TestCase("10.0.0.0/8;11.0.0.0/8")]
    public void Reads_nothing_else(string text) => Assert.That(AddressRanges.TryParse(text, out _), Is.False);

    [Test]
    public void Reads_no_more_than_it_says() => Assert.That(AddressRanges.TryParse(string.Join(',', Enumerable.Range(0, AddressRanges.MaxRanges + 1).Select(one => $"10.0.0.{one}")), out _), Is.False);

    [Test]
    public void Is_written_as_it_is_read() => Assert.That(Parse("192.0.2.7 ::ffff:10.0.0.0/104, 192.0.2.7/32").ToString(), Is.EqualTo("192.0.2.7/32,10.0.0.0/8"));

    [TestCase("127.0.0.1", true)]
    [TestCase("::ffff:127.0.0.1", true)]
    [TestCase("::1", true)]
    [TestCase("169.254.169.254", true)]
    [TestCase("fd00::1", true)]
    [TestCase("64:ff9b::10.0.0.1", true)]
    [TestCase("64:ff9b::8.8.8.8", false)]
    [TestCase("::10.0.0.1", true)]
    [TestCase("::8.8.8.8", true)]
    [TestCase("::ffff:0:10.0.0.1", true)]
    [TestCase("::ffff:8.8.8.8", false)]
    [TestCase("2001:0:4136:e378:8000:63bf:f5ff:fffe", true)]
    [TestCase("2001:4860:4860::8888", false)]
    [TestCase("8.8.8.8", false)]
    [TestCase("2606:4700::1", false)]
    public void Tells_private_from_public(string address, bool isPrivate) => Assert.That(AddressRanges.Private.Contains(IPAddress.Parse(address)), Is.EqualTo(isPrivate));

    private static AddressRanges Parse(string text)
    {
        Assert.That(AddressRanges.TryParse(text, out var ranges), Is.True);
        return ranges!;
    }
}
