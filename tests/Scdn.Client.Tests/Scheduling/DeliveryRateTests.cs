using Scdn.Client.Scheduling;

namespace Scdn.Client.Tests.Scheduling;

internal sealed class DeliveryRateTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    private readonly DeliveryRate _rate = new();
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    [Test]
    public void Is_unknown_before_a_round_trip_has_passed()
    {
        Bring(1000, milliseconds: 90);
        Assert.That(_rate.BytesPerSecond, Is.Zero);
    }

    [Test]
    public void Follows_at_once_what_comes_faster()
    {
        Bring(1000, milliseconds: 500);
        Bring(4000, milliseconds: 200);
        Assert.That(_rate.BytesPerSecond, Is.EqualTo(400_000).Within(1).Percent);
    }

    [Test]
    public void Forgets_slowly_what_came_faster()
    {
        Bring(4000, milliseconds: 500);
        Bring(1000, milliseconds: 200);
        Assert.That(_rate.BytesPerSecond, Is.EqualTo(400_000 * 0.94 * 0.94).Within(1).Percent);
        Bring(1000, milliseconds: 4000);
        Assert.That(_rate.BytesPerSecond, Is.EqualTo(100_000).Within(1).Percent);
    }

    [Test]
    public void Takes_no_rest_for_slowness()
    {
        Bring(4000, milliseconds: 500);
        _now += TimeSpan.FromSeconds(30);
        Bring(4000, milliseconds: 500);
        Assert.That(_rate.BytesPerSecond, Is.EqualTo(400_000).Within(1).Percent);
    }

    // So many bytes every ten milliseconds.
    private void Bring(int bytes, int milliseconds)
    {
        for (var past = 0; past < milliseconds; past += 10)
        {
            _now += TimeSpan.FromMilliseconds(10);
            _rate.Add(bytes, _now, RoundTrip);
        }
    }
}
