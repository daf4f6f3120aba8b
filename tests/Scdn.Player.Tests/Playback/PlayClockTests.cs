using Scdn.Player.Playback;
using Scdn.Testing;

namespace Scdn.Player.Tests.Playback;

internal sealed class PlayClockTests
{
    private readonly FakeTime _time = new();

    [Test]
    public void Moves_only_while_it_runs_at_its_speed()
    {
        var clock = new PlayClock(_time);
        clock.Set(Seconds(10), 2);
        _time.Advance(Seconds(5));
        clock.Start();
        _time.Advance(Seconds(3));
        clock.Stop();
        _time.Advance(Seconds(5));
        Assert.That((clock.Position, clock.Played), Is.EqualTo((Seconds(16), Seconds(6))));
    }

    [Test]
    public void Says_how_long_it_is_to_a_place_and_since_it_was_there()
    {
        var clock = new PlayClock(_time);
        clock.Set(Seconds(10), 2);
        Assert.That(clock.Until(Seconds(14)), Is.Null);
        clock.Start();
        Assert.That((clock.Until(Seconds(14)), clock.Until(Seconds(8))), Is.EqualTo(((TimeSpan?)Seconds(2), (TimeSpan?)Seconds(-1))));
    }

    [Test]
    public void Counts_what_was_played_wherever_that_was()
    {
        var clock = new PlayClock(_time);
        clock.Start();
        _time.Advance(Seconds(4));
        clock.Set(Seconds(100), 1);
        clock.Start();
        _time.Advance(Seconds(2));
        Assert.That((clock.Position, clock.Played), Is.EqualTo((Seconds(102), Seconds(6))));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
