using Scdn.Client.Licences;
using Scdn.Testing;

namespace Scdn.Client.Tests.Licences;

internal sealed class PlayLimitsTests
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(90);

    private readonly FakeTime _time = new();

    private DateTimeOffset Now => _time.GetUtcNow();

    [Test]
    public void Say_what_is_left_after_this_play_and_until_when()
    {
        var until = new DateTimeOffset(2030, 11, 30, 23, 59, 0, TimeZoneInfo.Local.GetUtcOffset(new DateTime(2030, 11, 30, 23, 59, 0)));

        Assert.Multiple(() =>
        {
            Assert.That(Limits(2, until, until).Sentence(Length), Is.EqualTo("'Film': 2 plays left, until 30 November 2030, 23:59."));
            Assert.That(Limits(1, null, null).Sentence(Length), Is.EqualTo("'Film': 1 play left."));
            Assert.That(Limits(0, null, until).Sentence(Length), Is.EqualTo("'Film': no plays left."));
            Assert.That(Limits(null, until, until).Sentence(Length), Is.EqualTo("'Film': any number of plays, until 30 November 2030, 23:59."));
        });
    }

    [Test]
    public void Say_before_it_begins_that_the_end_comes_in_the_middle() =>
        Assert.That(Limits(0, null, Now.AddMinutes(40)).Sentence(Length), Is.EqualTo("'Film': no plays left. It ends in 40 minutes, before this play does."));

    [Test]
    public void Are_over_when_the_end_has_come()
    {
        var limits = Limits(null, null, Now.AddMinutes(10));
        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.That((limits.IsOver, limits.TimeLeft), Is.EqualTo((false, TimeSpan.FromSeconds(1))));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((limits.IsOver, limits.TimeLeft), Is.EqualTo((true, TimeSpan.Zero)));
    }

    [Test]
    public void Go_by_the_clock_of_who_said_them()
    {
        var limits = new PlayLimits("Film", Now.AddDays(3), _time) { Ends = Now.AddDays(3).AddMinutes(10) };

        Assert.That(limits.TimeLeft, Is.EqualTo(TimeSpan.FromMinutes(10)));
    }

    [Test]
    public void Get_nothing_from_a_clock_that_is_turned_back_and_lose_what_the_machine_slept()
    {
        var time = new TwoClocks(Now);
        var limits = new PlayLimits("Film", Now, time) { Ends = Now.AddMinutes(60) };

        time.Ran = TimeSpan.FromMinutes(20);
        time.Shown = Now.AddMinutes(-300);
        var turnedBack = limits.TimeLeft;
        time.Shown = Now.AddMinutes(50);
        var slept = limits.TimeLeft;

        Assert.That((turnedBack, slept), Is.EqualTo((TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(10))));
    }

    private PlayLimits Limits(int? plays, DateTimeOffset? until, DateTimeOffset? ends) => new("Film", Now, _time) { PlaysLeft = plays, Until = until, Ends = ends };

    private sealed class TwoClocks(DateTimeOffset shown) : TimeProvider
    {
        public TimeSpan Ran { get; set; }

        public DateTimeOffset Shown { get; set; } = shown;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ran.Ticks;

        public override DateTimeOffset GetUtcNow() => Shown;
    }
}
