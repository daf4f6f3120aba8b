using Scdn.Player.Reserving;

namespace Scdn.Player.Tests.Reserving;

/// <summary>When a viewer is told that the line is too slow: a content of 100 bytes a second.</summary>
internal sealed class SlowLineSignsTests
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly SlowLineSigns _signs = new(neededBytesPerSecond: 100);
    private TimeSpan _now;
    private double _bytes;

    [Test]
    public void A_line_that_brings_less_than_is_played_while_more_is_waited_for_is_too_slow()
    {
        Pass(SlowLineSigns.While - Look, bytesPerSecond: 60, isWaitedFor: true);
        Assert.That(_signs.IsTooSlow, Is.False, "too soon");
        Pass(Look * 2, bytesPerSecond: 60, isWaitedFor: true);
        Assert.Multiple(() =>
        {
            Assert.That(_signs.IsTooSlow);
            Assert.That(_signs.BytesPerSecond, Is.EqualTo(60).Within(1));
        });
    }

    [Test]
    public void A_line_of_which_no_more_is_wanted_is_not()
    {
        Pass(SlowLineSigns.While * 3, bytesPerSecond: 60, isWaitedFor: false);
        Assert.That(_signs.IsTooSlow, Is.False);
    }

    [Test]
    public void A_line_that_brings_as_much_as_is_played_is_not_however_much_is_waited_for()
    {
        Pass(SlowLineSigns.While * 3, bytesPerSecond: 100, isWaitedFor: true);
        Assert.That(_signs.IsTooSlow, Is.False);
    }

    [Test]
    public void What_came_fast_before_does_not_make_up_for_it()
    {
        Pass(SlowLineSigns.While, bytesPerSecond: 1000, isWaitedFor: true);
        Assert.That(_signs.IsTooSlow, Is.False);
        Pass(SlowLineSigns.While + Look, bytesPerSecond: 60, isWaitedFor: true);
        Assert.That(_signs.IsTooSlow);
    }

    [Test]
    public void Servers_that_are_gone_are_not_a_slow_line()
    {
        Pass(SlowLineSigns.While / 2, bytesPerSecond: 150, isWaitedFor: true);
        Pass(SlowLineSigns.While * 2, bytesPerSecond: 0, isWaitedFor: true);
        Assert.That(_signs.IsTooSlow, Is.False);
        Pass(SlowLineSigns.While - Look, bytesPerSecond: 60, isWaitedFor: true);
        Assert.That(_signs.IsTooSlow, Is.False, "what was before they came back does not count");
        Pass(Look * 2, bytesPerSecond: 60, isWaitedFor: true);
        Assert.That(_signs.IsTooSlow);
    }

    [Test]
    public void Nobody_knows_of_a_content_without_a_play_time()
    {
        var signs = new SlowLineSigns(neededBytesPerSecond: 0);
        for (var second = 0; second < 60; second++) signs.See(TimeSpan.FromSeconds(second), second, isWaitedFor: true);
        Assert.That(signs.IsTooSlow, Is.False);
    }

    private void Pass(TimeSpan time, double bytesPerSecond, bool isWaitedFor)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Look)
        {
            _now += Look;
            _bytes += bytesPerSecond * Look.TotalSeconds;
            _signs.See(_now, (long)_bytes, isWaitedFor);
        }
    }
}
