using Scdn.Format;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Licences;

[TestFixture]
internal sealed class LicenceGrainTests
{
    private static readonly ContentId Content = ContentId.New();
    private static readonly SessionId Session = SessionId.New();
    private static readonly Guid First = Guid.NewGuid();
    private static readonly Guid Second = Guid.NewGuid();

    [Test]
    public void Takes_its_terms_from_what_was_bought_and_counts_down() =>
        Assert.That(Count(null, First, new LicenceTerms(3, Now + Hour)).Granted().PlaysLeft, Is.EqualTo(2));

    [Test]
    public void Counts_the_same_play_of_a_session_once()
    {
        var counted = Count(null, First).Granted();

        Assert.That(Count(counted, First).IsNone(), Is.True);
    }

    [Test]
    public void Grants_the_last_play_again_when_its_request_is_repeated()
    {
        var last = Count(null, First, new LicenceTerms(1, null)).Granted();

        Assert.That(last.PlaysLeft, Is.Zero);
        Assert.That(Count(last, First).IsNone(), Is.True);
    }

    [Test]
    public void Counts_the_same_play_id_of_another_session_anew()
    {
        var counted = Count(null, First, new LicenceTerms(2, null)).Granted();

        Assert.That(LicenceGrain.CountPlay(counted, "anna", Content, new LicenceTerms(2, null), SessionId.New(), First, 1, Now).Granted().PlaysLeft, Is.Zero);
    }

    [Test]
    public void Refuses_a_play_when_none_are_left()
    {
        var last = Count(null, First, new LicenceTerms(1, null)).Granted();
        var refused = Count(last, Second);

        Assert.That(refused.Refusal, Is.EqualTo(Refusal.Denied($"No plays are left of content {Content}; buy it again to play on.")));
    }

    [Test]
    public void Refuses_a_play_past_the_end()
    {
        var refused = LicenceGrain.CountPlay(null, "anna", Content, new LicenceTerms(null, Now), Session, First, 1, Now);

        Assert.That(
            refused.Refusal, Is.EqualTo(Refusal.Denied($"The licence of content {Content} ended on 2026-01-02 03:04:05Z; buy it again to play on.")));
    }

    [Test]
    public void Counts_without_limit_when_none_was_bought()
    {
        var counted = Count(Count(null, First).Granted(), Second).Granted();

        Assert.That(counted.PlaysLeft, Is.Null);
        Assert.That(counted.Counted, Has.Count.EqualTo(2));
    }

    [Test]
    public void Forgets_plays_whose_session_must_be_over()
    {
        var counted = Count(null, First).Granted();
        var later = LicenceGrain.CountPlay(counted, "anna", Content, new LicenceTerms(null, null), SessionId.New(), Second, 1, Now.AddHours(24)).Granted();

        Assert.That(later.Counted.Select(play => play.Play), Is.EqualTo([Second]));
    }

    [Test]
    public void Refuses_one_play_more_than_it_can_remember_and_grants_every_remembered_one_again()
    {
        var plays = Enumerable.Range(0, LicenceGrain.MaxPlaysRemembered).Select(_ => Guid.NewGuid()).ToList();
        var full = plays.Aggregate(default(LicenceState), (state, play) => Count(state, play).Granted())!;

        Assert.That(
            Count(full, Guid.NewGuid()).Refusal,
            Is.EqualTo(Refusal.Denied(
                $"Content {Content} was begun 100 times within 24 hours, which is the most for one user: go on with a play that was begun, or try again later.")));
        Assert.That(plays.Select(play => Count(full, play).IsNone()), Is.All.True);
    }

    [Test]
    public void Counts_on_when_the_plays_that_filled_it_are_forgotten()
    {
        var full = Enumerable.Range(0, LicenceGrain.MaxPlaysRemembered).Aggregate(default(LicenceState), (state, _) => Count(state, Guid.NewGuid()).Granted())!;

        var later = LicenceGrain.CountPlay(full, "anna", Content, new LicenceTerms(null, null), Session, First, 1, Now.AddHours(24)).Granted();

        Assert.That(later.Counted, Has.Count.EqualTo(1));
    }

    [TestCase(1, false)]
    [TestCase(2, true)]
    [TestCase(3, true)]
    public void A_play_goes_on_with_the_version_it_was_counted_for_or_a_newer_one_only(int version, bool goesOn)
    {
        var counted = Count(null, First, version: 2).Granted();

        Assert.That(LicenceGrain.WhyNotVersion(counted, Content, Session, First, version), goesOn ? Is.Null : Is.Not.Null);
        Assert.That(LicenceGrain.WhyNotVersion(counted, Content, Session, Second, version)!.Kind, Is.EqualTo(RefusalKind.Denied));
        Assert.That(LicenceGrain.WhyNotVersion(counted, Content, SessionId.New(), First, version), Is.Not.Null);
    }

    private static Change<LicenceState> Count(LicenceState? state, Guid play, LicenceTerms? bought = null, int version = 1) =>
        LicenceGrain.CountPlay(state, "anna", Content, bought ?? new LicenceTerms(null, null), Session, play, version, Now);
}
