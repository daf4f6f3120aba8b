using Scdn.Client.Reserving;
using Scdn.Format;

namespace Scdn.Client.Tests.Reserving;

internal sealed class WatchPlanTests
{
    private const int Segments = 100;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(100);
    private static readonly Manifest Film = ReserveSimulation.Film(Segments, Length);
    private static readonly double Segment = Film.Parts[0].Layout.StoredSegmentSize;

    [Test]
    public void Waits_for_what_a_hole_in_the_middle_takes_longer_than_it_is_away()
    {
        var held = Enumerable.Repeat(true, Segments).ToArray();
        held.AsSpan(50, 10).Clear();
        var plan = Plan(Film);

        // The last of ten segments is needed after 58.5 seconds.
        Assert.That(plan.Wait(held, Segment, 0), Is.EqualTo(TimeSpan.Zero));
        Assert.That(plan.Wait(held, Segment / 10, 0).TotalSeconds, Is.EqualTo(100 - 58.5).Within(0.01));
    }

    [Test]
    public void Needs_an_index_at_the_end_at_once()
    {
        var plan = Plan(ReserveSimulation.WithHeadAtEnd(Film));
        var held = Enumerable.Repeat(true, Segments).ToArray();
        held[0] = false;

        Assert.That(plan.Wait(held, Segment / 8, 0).TotalSeconds, Is.EqualTo(8).Within(0.01));
    }

    [Test]
    public void Needs_nothing_of_what_lies_before_the_place_where_playing_begins()
    {
        var plan = Plan(ReserveSimulation.Film(Segments, Length, new(TimeSpan.Zero, 0), new(TimeSpan.FromSeconds(50), 50 * PartLayout.SegmentSize)), TimeSpan.FromSeconds(60));

        Assert.That(plan.AllBytes, Is.EqualTo((long)(50 * Segment)));
        // 50 seconds at half the rate for what is played in 40, the last of it half a second and a segment before its end.
        Assert.That(plan.Wait(new bool[Segments], Segment / 2, 0).TotalSeconds, Is.EqualTo(100 - 38.5).Within(0.01));
    }

    [Test]
    public void Counts_on_no_more_than_the_line_brings_at_its_worst()
    {
        var (with, without) = (Plan(Film).Wait(new bool[Segments], Segment, 7 * Segment), Plan(Film).Wait(new bool[Segments], Segment, 0));

        Assert.That((with - without).TotalSeconds, Is.EqualTo(7).Within(0.01));
    }

    [Test]
    public void Finds_the_earliest_start_from_when_everything_came()
    {
        var plan = Plan(Film);
        bool[] before = new bool[Segments], held = new bool[Segments];
        held.AsSpan(0, 50).Fill(true);
        var first = plan.EarliestStart(before, held, TimeSpan.FromSeconds(30));
        held.AsSpan().CopyTo(before);
        held.AsSpan().Fill(true);

        Assert.That(first.TotalSeconds, Is.EqualTo(30));
        Assert.That(plan.EarliestStart(before, held, TimeSpan.FromSeconds(100)).TotalSeconds, Is.EqualTo(100 - 49.5).Within(0.01));
        Assert.That(plan.EarliestStart(held, held, TimeSpan.FromSeconds(200)), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Plays_faster_what_is_played_faster()
    {
        var film = Film;
        var plan = new WatchPlan(new(film.Parts), new(film), TimeSpan.Zero, speed: 2);

        Assert.That(plan.Wait(new bool[Segments], Segment, 0).TotalSeconds, Is.EqualTo(100 - (98.5 / 2)).Within(0.01));
    }

    private static WatchPlan Plan(Manifest film, TimeSpan at = default) => new(new(film.Parts), new(film), at, speed: 1);
}
