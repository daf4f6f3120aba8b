using Scdn.Format;
using Scdn.Grains.Storage;
using Scdn.Grains.Streams;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Streams;

[TestFixture]
internal sealed class StreamGrainTests
{
    private const string Full = "It is full.";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly StreamId A = New();
    private static readonly StreamId B = New();
    private static readonly StreamId C = New();

    [Test]
    public void Gives_as_many_places_as_there_are_and_refuses_the_next()
    {
        var two = Take(Take(null, A, 2).Granted(), B, 2).Granted();

        Assert.That(Take(two, C, 2).Refusal, Is.EqualTo(Refusal.Denied(Full)));
    }

    [Test]
    public void Gives_a_stream_that_asks_again_no_second_place()
    {
        var one = Take(null, A, 2).Granted();
        var again = Take(one, A, 2, Now + StreamPlace.KeepEvery).Granted();

        Assert.That(Take(one, A, 2).IsNone(), Is.True);
        Assert.That(again.Places, Is.EqualTo(new[] { new HeldPlace(A, Now + StreamPlace.KeepEvery) }));
    }

    [Test]
    public void Tells_streams_apart_by_session_and_content_although_their_plays_have_the_same_id()
    {
        var one = Take(null, A, 1).Granted();

        Assert.That(Take(one, A with { Session = SessionId.New() }, 1).Refused(), Is.EqualTo(RefusalKind.Denied));
        Assert.That(Take(one, A with { Content = ContentId.New() }, 1).Refused(), Is.EqualTo(RefusalKind.Denied));
    }

    [Test]
    public void Keeps_a_place_for_a_minute_without_a_word_and_then_gives_it_to_who_asks()
    {
        var one = Take(null, A, 1).Granted();

        Assert.That(Take(one, B, 1, Now + StreamPlace.FreeAfter - Second).Refused(), Is.EqualTo(RefusalKind.Denied));
        Assert.That(Streams(Take(one, B, 1, Now + StreamPlace.FreeAfter).Granted()), Is.EqualTo(new[] { B }));
    }

    [Test]
    public void Gives_a_place_of_a_clock_that_is_far_ahead_to_who_asks_and_puts_its_time_right_when_it_is_kept()
    {
        var ahead = Take(null, A, 1, Now + Hour).Granted();

        Assert.That(Streams(Take(ahead, B, 1).Granted()), Is.EqualTo(new[] { B }));
        Assert.That(Take(ahead, A, 1).Granted().Places, Is.EqualTo(new[] { new HeldPlace(A, Now) }));
        Assert.That(Take(Take(null, A, 1, Now + StreamPlace.FreeAfter).Granted(), B, 1).Refused(), Is.EqualTo(RefusalKind.Denied));
    }

    [Test]
    public void Leaves_a_place_that_nobody_needs_to_who_was_not_heard_for_long()
    {
        var two = Take(Take(null, A, 2).Granted(), B, 2, Now + Hour).Granted();

        Assert.That(Streams(two), Is.EqualTo(new[] { A, B }));
        Assert.That(Streams(Take(two, A, 2, Now + Hour + Hour).Granted()), Is.EqualTo(new[] { A, B }));
    }

    [Test]
    public void Takes_no_more_places_away_than_are_needed_and_the_oldest_first()
    {
        var two = Take(Take(null, A, 2).Granted(), B, 2, Now + Second).Granted();

        Assert.That(Streams(Take(two, C, 2, Now + Hour).Granted()), Is.EqualTo(new[] { B, C }));
    }

    [Test]
    public void Leaves_streams_their_places_when_the_limit_is_lowered_and_gives_no_further_one_until_there_are_fewer()
    {
        var three = Take(Take(Take(null, A, 3).Granted(), B, 3).Granted(), C, 3).Granted();
        var kept = Take(three, A, 1, Now + StreamPlace.KeepEvery).Granted();
        var left = StreamGrain.Release(StreamGrain.Release(kept, A).Granted(), B).Granted();

        Assert.That(Streams(kept), Is.EqualTo(new[] { A, B, C }));
        Assert.That(Take(left, New(), 1).Refused(), Is.EqualTo(RefusalKind.Denied));
    }

    [Test]
    public void Gives_a_place_that_was_given_back_to_another_at_once()
    {
        var none = StreamGrain.Release(Take(null, A, 1).Granted(), A).Granted();

        Assert.That(Streams(Take(none, B, 1).Granted()), Is.EqualTo(new[] { B }));
    }

    [Test]
    public void Gives_nothing_back_of_a_stream_that_has_no_place() => Assert.That(StreamGrain.Release(Take(null, A, 1).Granted(), B).IsNone(), Is.True);

    private static StreamId New() => new(SessionId.New(), ContentId.New(), Guid.NewGuid());

    private static Change<StreamsState> Take(StreamsState? state, StreamId stream, int limit, DateTimeOffset? now = null) => StreamGrain.Take(state, stream, limit, Full, now ?? Now);

    private static IEnumerable<StreamId> Streams(StreamsState state) => state.Places.Select(place => place.Stream);
}
