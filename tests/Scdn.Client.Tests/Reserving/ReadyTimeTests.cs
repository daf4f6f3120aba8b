using Scdn.Format;

namespace Scdn.Client.Tests.Reserving;

internal sealed class ReadyTimeTests
{
    private const int Segments = 512;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(200);

    // Stored bytes for a second of play.
    private static readonly double ContentRate = Rate(ReserveSimulation.Film(Segments, Length));

    [Test]
    public void Keeps_its_promise_on_a_steady_line([Values(0.3, 0.6, 0.9)] double share)
    {
        var line = new ReserveSimulation(ReserveSimulation.Film(Segments, Length));
        var (quarter, ready, right) = line.Run(_ => ContentRate * share);

        IsKept(quarter, ready, right);
    }

    [Test]
    public void Keeps_its_promise_on_a_line_that_jumps([Values(0.3, 0.6)] double share, [Values(0, 5, 10, 15)] int after)
    {
        var line = new ReserveSimulation(ReserveSimulation.Film(Segments, Length));
        var (quarter, ready, right) = line.Run(now => ContentRate * share * ((int)((now + after) / 10) % 2 == 0 ? 1.5 : 0.5));

        IsKept(quarter, ready, right);
    }

    [Test]
    public void Keeps_its_promise_with_a_variable_bit_rate([Values(0.6, 0.9)] double share)
    {
        // Nine tenths of the bytes belong to the first half of the play: by the mean bit rate it would begin much too early.
        var film = ReserveSimulation.Film(Segments, Length, new(TimeSpan.Zero, 0), new(Length / 2, Segments * 9 / 10 * (long)PartLayout.SegmentSize));
        var line = new ReserveSimulation(film);
        var (quarter, ready, right) = line.Run(_ => ContentRate * share);

        IsKept(quarter, ready, right);
    }

    [Test]
    public void Does_not_believe_at_once_that_a_line_stays_as_fast_as_it_begins()
    {
        var film = ReserveSimulation.Film(Segments, TimeSpan.FromSeconds(120));
        var (_, ready, right) = new ReserveSimulation(film).Run(now => Rate(film) * 0.9 * ((int)(now / 10) % 2 == 0 ? 1.5 : 0.5));

        Assert.That(ready, Is.GreaterThanOrEqualTo(right));
    }

    [Test]
    public void Begins_at_once_on_a_line_that_is_fast_enough_if_it_halves()
    {
        var line = new ReserveSimulation(ReserveSimulation.Film(Segments, Length));

        Assert.That(line.Run(_ => ContentRate * 3).Ready, Is.LessThan(5));
    }

    [Test]
    public void Moves_on_with_the_clock_while_the_line_has_stopped_and_goes_on_as_before()
    {
        var line = new ReserveSimulation(ReserveSimulation.Film(Segments, Length));
        while (line.Now < 60) line.Pass(ContentRate * 0.5);
        var before = line.Now + line.Wait!.Value;
        while (line.Now < 90) line.Pass(0);
        Assert.That(line.IsStopped);
        var during = line.Now + line.Wait!.Value;
        while (line.Now < 180) line.Pass(0);
        Assert.That(line.Now + line.Wait!.Value, Is.EqualTo(during + 90).Within(0.5));
        while (line.Now < 240) line.Pass(ContentRate * 0.5);

        Assert.That(line.IsStopped, Is.False);
        // Two minutes later, and some for the ten seconds that count as slow.
        Assert.That(line.Now + line.Wait!.Value, Is.InRange(before + 120, before + 185));
    }

    [Test]
    public void Forgets_what_was_when_the_line_has_changed_for_good()
    {
        var line = new ReserveSimulation(ReserveSimulation.Film(4 * Segments, Length * 4));
        while (line.Now < 300) line.Pass(ContentRate * 0.6);
        while (line.Now < 380) line.Pass(ContentRate * 0.3);
        var missing = (1 - line.Share) * line.Plan.AllBytes;

        Assert.That(line.Wait!.Value, Is.EqualTo((missing / (ContentRate * 0.3)) - (Length.TotalSeconds * 4)).Within(5).Percent);
    }

    [Test]
    public void Is_ready_when_all_is_here_whatever_the_line()
    {
        var line = new ReserveSimulation(ReserveSimulation.Film(Segments, Length));
        line.Hold(Enumerable.Range(0, Segments));

        Assert.That(line.Wait, Is.Zero);
    }

    [Test]
    public void Says_nothing_before_it_has_seen_something_of_the_line()
    {
        var line = new ReserveSimulation(ReserveSimulation.Film(Segments, Length));
        while (line.Now < 2) line.Pass(ContentRate * 0.5);

        Assert.That(line.Wait, Is.Null);
    }

    [Test]
    public void Waits_for_all_of_a_content_whose_play_time_is_not_known()
    {
        var line = new ReserveSimulation(ReserveSimulation.Film(Segments, TimeSpan.Zero));
        var (quarter, ready, right) = line.Run(_ => ContentRate * 0.6);

        Assert.That(ready, Is.EqualTo(line.Now));
        IsKept(quarter, ready, right);
    }

    private static double Rate(Manifest film) => film.Parts.Sum(part => part.Layout.BodyLength) / film.Duration.TotalSeconds;

    /// <summary>Promised within 5 % or 5 seconds of what was right, and begun without a stall, which may be two seconds later: then the line's worst does no harm.</summary>
    private static void IsKept(double? atQuarter, double ready, double right)
    {
        var tolerance = Math.Max(5, right * 0.05);
        using (Assert.EnterMultipleScope())
        {
            if (atQuarter is { } promised) Assert.That(promised, Is.EqualTo(right).Within(tolerance));
            Assert.That(ready, Is.InRange(right, right + tolerance + 2));
        }
    }
}
