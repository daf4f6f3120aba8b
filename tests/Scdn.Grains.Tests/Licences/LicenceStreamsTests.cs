using Scdn.Format;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using Scdn.Grains.Streams;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Licences;

[TestFixture]
internal sealed class LicenceStreamsTests
{
    private static readonly ContentId Content = ContentId.New();
    private static readonly SessionId Session = SessionId.New();
    private static readonly Guid A = Guid.NewGuid();
    private static readonly Guid B = Guid.NewGuid();
    private static readonly GrantTerms OneAtATime = new(null, null, 1);

    [Test]
    public void Refuses_a_second_stream_of_what_was_granted_for_one_and_counts_no_play_for_it()
    {
        var playing = Play(Give(null, new(5, null, 1)), A).Granted();

        Assert.That(Play(playing, B).Refusal?.Detail, Is.EqualTo("This is playing already, and was bought for one stream at a time: stop it and try again, or wait a minute if it was cut off."));
        Assert.That(LicenceGrain.Left(playing, Now)?.Plays, Is.EqualTo(4));
    }

    [Test]
    public void Counts_a_play_that_is_asked_for_again_as_one_stream()
    {
        var two = Play(Play(Give(null, new(null, null, 2)), A).Granted(), B).Granted();

        Assert.That(Play(two, A).IsNone(), Is.True);
        Assert.That(Play(two, Guid.NewGuid()).Refusal?.Detail, Does.StartWith("This is playing 2 times already"));
    }

    [Test]
    public void Gives_the_place_of_a_stream_that_ended_to_the_next()
    {
        var ended = LicenceStreams.End(Play(Give(null, OneAtATime), A).Granted(), Session, A).Granted();
        var next = Play(ended, B).Granted();

        Assert.That((LicenceStreams.Has(next, Session, A), LicenceStreams.Has(next, Session, B)), Is.EqualTo((false, true)));
        Assert.That(LicenceStreams.End(next, Session, A).IsNone(), Is.True);
    }

    [Test]
    public void Gives_the_place_of_a_stream_that_was_not_heard_for_a_minute_to_the_next_and_not_before()
    {
        var playing = Play(Give(null, OneAtATime), A).Granted();
        var kept = LicenceStreams.Keep(playing, Session, A, Now + StreamPlace.KeepEvery).Granted();

        Assert.That(Play(kept, B, Now + StreamPlace.FreeAfter).Refused(), Is.EqualTo(RefusalKind.Denied));
        var taken = Play(kept, B, Now + StreamPlace.KeepEvery + StreamPlace.FreeAfter).Granted();
        Assert.That((LicenceStreams.Has(taken, Session, A), LicenceStreams.Has(taken, Session, B)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Gives_the_place_of_a_stream_that_was_heard_by_a_clock_far_ahead_to_the_next_and_not_that_of_another()
    {
        var ahead = Play(Play(Give(null, new(null, null, 2)), A, Now + Hour).Granted(), B).Granted();
        var third = Guid.NewGuid();
        var taken = Play(ahead, third).Granted();

        Assert.That((LicenceStreams.Has(taken, Session, A), LicenceStreams.Has(taken, Session, B), LicenceStreams.Has(taken, Session, third)), Is.EqualTo((false, true, true)));
    }

    [Test]
    public void Tells_who_lost_its_place_to_another_and_lets_it_go_on_once_that_has_ended()
    {
        var taken = Play(Play(Give(null, OneAtATime), A).Granted(), B, Now + StreamPlace.FreeAfter).Granted();

        Assert.That(LicenceStreams.Keep(taken, Session, A, Now + StreamPlace.FreeAfter).Refused(), Is.EqualTo(RefusalKind.Denied));
        var back = LicenceStreams.Keep(LicenceStreams.End(taken, Session, B).Granted(), Session, A, Now + StreamPlace.FreeAfter).Granted();
        Assert.That(LicenceStreams.Has(back, Session, A), Is.True);
    }

    [Test]
    public void Takes_a_stream_from_another_purchase_when_one_has_no_place_left()
    {
        var licence = Give(Give(null, OneAtATime), OneAtATime, "o-2");
        var two = Play(Play(licence, A).Granted(), B).Granted();

        Assert.That(two.Counted.Select(play => play.Grant).Order(), Is.EqualTo([1, 2]));
        Assert.That(Play(two, Guid.NewGuid()).Refused(), Is.EqualTo(RefusalKind.Denied));
    }

    [Test]
    public void Says_that_no_plays_are_left_before_it_says_that_there_is_no_place() =>
        Assert.That(Play(Play(Give(null, new(1, null, 1)), A).Granted(), B).Refusal?.Detail, Does.StartWith("No plays are left"));

    [Test]
    public void Notes_no_place_where_nothing_limits_streams()
    {
        var playing = Play(Give(null, new(null, null, null)), A).Granted();

        Assert.That(LicenceStreams.Has(playing, Session, A), Is.False);
        Assert.That(LicenceStreams.Keep(playing, Session, A, Now + Hour).IsNone(), Is.True);
    }

    [Test]
    public void Keeps_no_place_for_a_play_that_was_never_begun()
    {
        Assert.That(LicenceStreams.Keep(null, Session, A, Now).Refused(), Is.EqualTo(RefusalKind.NotFound));
        Assert.That(LicenceStreams.Keep(Give(null, OneAtATime), Session, A, Now).Refused(), Is.EqualTo(RefusalKind.NotFound));
    }

    [Test]
    public void Lets_a_content_be_taken_along_while_it_plays()
    {
        var playing = Play(Give(null, new(5, null, 1)), A).Granted();
        var taken = LicenceReservations.Take(playing, "anna", Content, null, DownloadId.New(), 2, Now + Hour, Now).Granted();

        Assert.That(LicenceGrain.Left(taken, Now)?.Plays, Is.EqualTo(2));
    }

    private static LicenceState Give(LicenceState? state, GrantTerms terms, string purchase = "o-1") => LicenceGrants.Give(state, "anna", Content, null, purchase, terms, Now).Granted();

    private static Change<LicenceState> Play(LicenceState state, Guid play, DateTimeOffset? now = null) => LicenceGrain.CountPlay(state, "anna", Content, null, Session, play, 1, now ?? Now);
}
