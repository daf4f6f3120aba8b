using Scdn.Cli.Output;
using Scdn.Testing;

namespace Scdn.Cli.Tests.Output;

internal sealed class ProgressLineTests
{
    private FakeTime _time = null!;
    private StringWriter _terminal = null!;

    [SetUp]
    public void Open() => (_time, _terminal) = (new(), new());

    [TearDown]
    public void Close() => _terminal.Dispose();

    [Test]
    public void Tells_the_rate_and_the_time_that_is_left()
    {
        using var line = new ProgressLine(_terminal, "Splitting", _time);
        _time.Advance(TimeSpan.FromSeconds(2));

        line.Show(20 << 20, 60 << 20);

        Assert.That(_terminal.ToString(), Does.EndWith("Splitting … 33 %  20 MiB of 60 MiB  10 MiB/s  4 s left"));
    }

    [Test]
    public void Takes_no_pace_from_what_was_done_before()
    {
        using var line = new ProgressLine(_terminal, "Merging", _time);
        _time.Advance(TimeSpan.FromSeconds(2));

        line.Show(40 << 20, 60 << 20, before: 20 << 20);

        Assert.That(_terminal.ToString(), Does.EndWith("Merging … 66 %  40 MiB of 60 MiB  10 MiB/s  2 s left"));
    }

    [Test]
    public void Is_gone_at_the_end()
    {
        using (var line = new ProgressLine(_terminal, "Splitting", _time)) line.Show("a word");

        Assert.That(_terminal.ToString(), Does.EndWith(ProgressLine.Clear));
    }
}
