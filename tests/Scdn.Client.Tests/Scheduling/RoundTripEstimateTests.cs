using Scdn.Client.Scheduling;

namespace Scdn.Client.Tests.Scheduling;

internal sealed class RoundTripEstimateTests
{
    [Test]
    public void Follows_the_round_trip_with_its_patience()
    {
        var estimate = new RoundTripEstimate();
        for (var turn = 0; turn < 20; turn++) estimate.Measured(TimeSpan.FromMilliseconds(200));

        Assert.That(estimate.IdleTimeout(TimeSpan.Zero).TotalMilliseconds, Is.EqualTo(600).Within(30));
        Assert.That(estimate.HedgeDelay(TimeSpan.Zero).TotalMilliseconds, Is.EqualTo(400).Within(30));
    }

    [Test]
    public void Adds_the_time_that_the_bytes_themselves_take()
    {
        var estimate = new RoundTripEstimate();
        estimate.Measured(TimeSpan.FromMilliseconds(200));
        var transfer = TimeSpan.FromSeconds(1);

        Assert.That(estimate.IdleTimeout(transfer), Is.EqualTo(estimate.IdleTimeout(TimeSpan.Zero) + transfer));
    }

    [Test]
    public void Never_takes_a_short_pause_for_a_failure()
    {
        var estimate = new RoundTripEstimate();
        for (var turn = 0; turn < 20; turn++) estimate.Measured(TimeSpan.FromMilliseconds(1));

        Assert.That(estimate.IdleTimeout(TimeSpan.Zero), Is.EqualTo(RoundTripEstimate.ShortestTimeout));
    }

    [Test]
    public void Is_patient_before_anything_was_measured()
    {
        Assert.That(new RoundTripEstimate().IdleTimeout(TimeSpan.Zero), Is.EqualTo(RoundTripEstimate.FirstTimeout));
    }
}
