using Scdn.Grains;
using Scdn.Host.Hosting.Trust;
using Scdn.Testing;

namespace Scdn.Host.Tests.Hosting.Trust;

internal sealed class SignInLimitsTests
{
    private readonly FakeTime _time = new();

    [Test]
    public void Refuses_an_account_from_an_address_after_ten_attempts_and_lets_one_more_through_every_half_minute()
    {
        var limits = new SignInLimits(_time);
        var first = Attempts(limits, 12, "ann", "1.2.3.4");
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.That((first, Attempts(limits, 2, "Ann", "1.2.3.4")), Is.EqualTo((10, 1)));
        Assert.That(limits.Charge("ann", "1.2.3.4"), Is.EqualTo(Refusal.TooMany("There were too many attempts to sign in: try again in 30 seconds.")));
    }

    [Test]
    public void Does_not_lock_a_viewer_out_whom_somebody_else_attacks()
    {
        var limits = new SignInLimits(_time);
        Attempts(limits, 1000, "ann", "6.6.6.6");

        Assert.That(limits.Charge("ann", "1.2.3.4"), Is.Null);
    }

    [Test]
    public void Refuses_an_account_that_is_attacked_from_everywhere_and_an_address_that_attacks_everybody()
    {
        var limits = new SignInLimits(_time);
        var everywhere = Enumerable.Range(0, 200).Count(number => limits.Charge("ann", $"10.0.0.{number}") is null);
        var everybody = Enumerable.Range(0, 200).Count(number => limits.Charge($"user{number}", "1.2.3.4") is null);

        Assert.That((everywhere, everybody), Is.EqualTo((100, 60)));
    }

    [Test]
    public void Costs_nothing_when_the_password_is_right()
    {
        var limits = new SignInLimits(_time);
        for (var number = 0; number < 1000; number++)
        {
            Assert.That(limits.Charge("ann", "1.2.3.4"), Is.Null);
            limits.GiveBack("ann", "1.2.3.4");
        }
    }

    [Test]
    public void Charges_many_at_once()
    {
        var limits = new SignInLimits(_time);
        var granted = 0;
        Parallel.For(0, 1000, _ =>
        {
            if (limits.Charge("ann", "1.2.3.4") is null) Interlocked.Increment(ref granted);
        });

        Assert.That(granted, Is.EqualTo(10));
    }

    private static int Attempts(SignInLimits limits, int count, string user, string address) => Enumerable.Range(0, count).Count(_ => limits.Charge(user, address) is null);
}
