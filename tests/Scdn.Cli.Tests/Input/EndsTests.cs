using Scdn.Cli.Input;

namespace Scdn.Cli.Tests.Input;

internal sealed class EndsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [TestCase("90d", "2026-04-02T03:04:05Z")]
    [TestCase("12h", "2026-01-02T15:04:05Z")]
    [TestCase("30m", "2026-01-02T03:34:05Z")]
    [TestCase("2030-12-31T23:59Z", "2030-12-31T23:59:00Z")]
    public void Are_read(string text, string end) => Assert.That(Ends.Parse(text, Now), Is.EqualTo(DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture)));

    [TestCase("")]
    [TestCase("d")]
    [TestCase("-1d")]
    [TestCase("90x")]
    [TestCase("2000000000d")]
    [TestCase("tomorrow")]
    public void Are_refused(string text) => Assert.That(Ends.Parse(text, Now), Is.Null);
}
