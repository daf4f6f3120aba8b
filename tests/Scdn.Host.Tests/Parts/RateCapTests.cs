using Scdn.Host.Parts;
using Scdn.Testing;

namespace Scdn.Host.Tests.Parts;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RateCapTests
{
    private readonly FakeTime _time = new();

    [Test]
    public void Lets_no_more_out_than_the_rate_and_one_burst()
    {
        var cap = new RateCap(1_000_000, _time);
        var sent = 0L;
        for (var slices = 0; slices < 500; slices++)
        {
            _time.Advance(cap.Reserve(cap.SliceBytes));
            sent += cap.SliceBytes;
        }

        var seconds = (_time.GetUtcNow() - new FakeTime().GetUtcNow()).TotalSeconds;
        Assert.That(sent / seconds, Is.EqualTo(1_000_000).Within(0.5).Percent);
    }

    [Test]
    public void Grants_slices_in_the_order_in_which_they_were_asked_for_so_that_answers_share_evenly()
    {
        var cap = new RateCap(1000 * 1024, _time);
        var waits = Enumerable.Range(0, 4).Select(_ => cap.Reserve(10 * 1024).TotalMilliseconds).ToArray();
        Assert.That(waits, Is.EqualTo(new[] { 0.0, 0, 0, 10 }).Within(0.01));
    }

    [Test]
    public void Does_not_save_up_while_nothing_is_sent()
    {
        var cap = new RateCap(100_000, _time);
        _time.Advance(TimeSpan.FromHours(1));
        var slices = Enumerable.Range(0, 10).Select(_ => cap.Reserve(10_000)).ToArray();
        Assert.That(slices[^1].TotalSeconds, Is.EqualTo(0.88).Within(0.001));
    }

    [TestCase(1_500_000, 30_000)]
    [TestCase(100, 1024)]
    [TestCase(10_000_000_000, 256 * 1024)]
    public void Sends_a_fiftieth_of_a_second_at_a_time(long rate, int slice) => Assert.That(new RateCap(rate, _time).SliceBytes, Is.EqualTo(slice));

    [Test]
    public async Task Waits_by_the_clock_it_was_given()
    {
        var cap = new RateCap(1000, _time);
        await cap.TakeAsync(1000, default);
        var second = cap.TakeAsync(1000, default).AsTask();
        await _time.UntilArmedAsync();
        _time.Advance(TimeSpan.FromMilliseconds(979));
        Assert.That(second.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        await second;
    }
}
