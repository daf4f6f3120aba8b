namespace Scdn.Loopback.Tests;

internal sealed class RequestedRangeTests
{
    [TestCase("bytes=0-0", 0, 1)]
    [TestCase("bytes=0-", 0, 100)]
    [TestCase("bytes=10-19", 10, 10)]
    [TestCase("bytes=99-", 99, 1)]
    [TestCase("bytes=50-1000", 50, 50)]
    [TestCase("bytes=-1", 99, 1)]
    [TestCase("bytes=-1000", 0, 100)]
    [TestCase("Bytes=1-2", 1, 2)]
    [TestCase("bytes=0-99999999999999999999", 0, 100)]
    public void Resolves_a_single_range(string header, long offset, long length)
    {
        Assert.That(RequestedRange.TryParse(header, out var range), Is.True);
        Assert.That(range.TryResolve(100, out var from, out var count), Is.True);
        Assert.That((from, count), Is.EqualTo((offset, length)));
    }

    [TestCase("bytes=100-")]
    [TestCase("bytes=100-200")]
    [TestCase("bytes=-0")]
    [TestCase("bytes=99999999999999999999-")]
    public void Says_that_a_range_outside_of_the_file_cannot_be_satisfied(string header)
    {
        Assert.That(RequestedRange.TryParse(header, out var range), Is.True);
        Assert.That(range.TryResolve(100, out _, out _), Is.False);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("bytes=")]
    [TestCase("bytes=-")]
    [TestCase("bytes=5-2")]
    [TestCase("bytes=0-1,5-6")]
    [TestCase("bytes=+1-2")]
    [TestCase("bytes= 1 - 2")]
    [TestCase("bytes=0x1-2")]
    [TestCase("lines=0-1")]
    public void Takes_what_is_not_one_range_for_none(string? header) =>
        Assert.That(RequestedRange.TryParse(header, out _), Is.False);

    [Test]
    public void An_empty_file_has_no_satisfiable_range()
    {
        Assert.That(RequestedRange.TryParse("bytes=0-", out var range), Is.True);
        Assert.That(range.TryResolve(0, out _, out _), Is.False);
    }
}
