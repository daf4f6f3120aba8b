using Scdn.Cli.Commands.Demos;

namespace Scdn.Cli.Tests.Commands.Demos;

internal sealed class DemoPaceTests
{
    [Test]
    public void Plays_the_sample_whole_at_four_times_real_time_from_servers_of_12_Mbit()
    {
        var pace = DemoPace.For(30_000_000, TimeSpan.FromSeconds(60));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(pace.Speed, Is.EqualTo(4));
            Assert.That(pace.ServerBitsPerSecond, Is.EqualTo(12_000_000));
            Assert.That(pace.Plays, Is.EqualTo((DemoPlay[])[new(TimeSpan.Zero, null)]));
            Assert.That(pace.WatchedBytes, Is.EqualTo(30_000_000));
        }
    }

    [Test]
    public void Plays_of_a_long_film_the_first_minute_and_a_seek()
    {
        var pace = DemoPace.For(3_600_000_000, TimeSpan.FromHours(2));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(pace.Plays, Is.EqualTo((DemoPlay[])[new(TimeSpan.Zero, TimeSpan.FromSeconds(60)), new(TimeSpan.FromMinutes(84), TimeSpan.FromSeconds(10))]));
            Assert.That(pace.WatchedBytes, Is.EqualTo(35_000_000));
        }
    }

    [TestCase(60_000_000)]
    [TestCase(400_000_000)]
    public void Plays_what_needs_more_than_two_servers_can_send_more_slowly(long length)
    {
        var pace = DemoPace.For(length, TimeSpan.FromSeconds(60));
        Assert.That(pace.Speed * length * 8 / 60, Is.LessThan(2 * pace.ServerBitsPerSecond));
    }

    [Test]
    public void Slows_servers_down_for_a_small_file_but_not_below_what_a_segment_needs() =>
        Assert.That(DemoPace.For(100_000, TimeSpan.FromSeconds(5)).ServerBitsPerSecond, Is.EqualTo(3_000_000));

    [Test]
    public void Plays_a_file_whole_whose_duration_nobody_knows() => Assert.That(DemoPace.For(5_000_000, TimeSpan.Zero).Plays, Has.Count.EqualTo(1));
}
