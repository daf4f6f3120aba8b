using Scdn.Format;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Licences;

[TestFixture]
internal sealed class LicenceHoldsTests
{
    private static readonly ContentId Content = ContentId.New();
    private static readonly SessionId Session = SessionId.New();
    private static readonly Guid A = Guid.NewGuid();
    private static readonly Guid B = Guid.NewGuid();
    private static readonly LicenceTerms Once = new(1, null);

    [Test]
    public void Refuses_whoever_comes_second_the_last_play()
    {
        var held = Hold(null, A).Granted();

        Assert.That(Hold(held, B).Refusal, Is.EqualTo(Refusal.Denied($"No plays are left of content {Content}; buy it again to play on.")));
        Assert.That(Count(held, B).Refused(), Is.EqualTo(RefusalKind.Denied));
        Assert.That(Take(held, B, 1).Refused(), Is.EqualTo(RefusalKind.Denied));
    }

    [Test]
    public void Gives_the_play_that_was_held_to_whom_it_was_held_for_and_charges_it_once()
    {
        var counted = Count(Hold(null, A).Granted(), A).Granted();

        Assert.That((counted.PlaysLeft, counted.Held), Is.EqualTo((0, default(IReadOnlyList<HeldPlay>))));
        Assert.That(Hold(counted, A).IsNone(), Is.True);
    }

    [Test]
    public void Gives_it_to_a_download_that_it_was_held_for_with_all_that_are_free()
    {
        var held = Hold(Hold(null, A, terms: new(5, null), isStream: false).Granted(), B, terms: new(5, null)).Granted();
        var taken = Take(held, A, null).Granted();

        Assert.That((taken.Reserved!.Single().Plays, taken.PlaysLeft), Is.EqualTo((4, 1)));
        Assert.That(Count(taken, B).Granted().PlaysLeft, Is.Zero);
    }

    [Test]
    public void Holds_it_for_the_same_play_that_is_asked_for_again()
    {
        var later = Now + LicenceHolds.HeldFor / 2;
        var again = Hold(Hold(null, A).Granted(), A, later).Granted();

        Assert.That(again.Held!.Single().Until, Is.EqualTo(later + LicenceHolds.HeldFor));
    }

    [Test]
    public void Gives_back_what_was_refused()
    {
        var back = LicenceHolds.Release(Hold(null, A).Granted(), Session, A, Now).Granted();

        Assert.That(Hold(back, B).Refusal, Is.Null);
        Assert.That(LicenceHolds.Release(back, Session, A, Now).IsNone(), Is.True);
        Assert.That(LicenceHolds.Release(null, Session, A, Now).IsNone(), Is.True);
    }

    [Test]
    public void Frees_what_was_held_too_long_for_others_and_for_the_same()
    {
        var (held, later) = (Hold(null, A).Granted(), Now + LicenceHolds.HeldFor);

        Assert.That(LicenceGrain.Left(held, Now), Is.Null);
        Assert.That(LicenceGrain.Left(held, later)?.Plays, Is.EqualTo(1));
        Assert.That(Hold(held, B, later).Granted().Held!.Single().Play, Is.EqualTo(B));
        Assert.That(Count(held, A, later).Granted().PlaysLeft, Is.Zero);
    }

    [Test]
    public void Holds_the_place_of_a_stream_with_it()
    {
        var granted = LicenceGrants.Give(null, "anna", Content, null, "", new GrantTerms(null, null, 1), Now).Granted();
        var held = Hold(granted, A, terms: new(0, null)).Granted();

        Assert.That(Hold(held, B).Refusal?.Detail, Does.StartWith("This is playing already"));
        Assert.That(Hold(held, B, isStream: false).Refusal, Is.Null, "What is taken along needs no place.");
        Assert.That(Count(held, A).Refusal, Is.Null);
    }

    [Test]
    public void Takes_of_several_grants_what_is_held_of_none()
    {
        var first = LicenceGrants.Give(null, "anna", Content, null, "first", new GrantTerms(1, Now + Hour, null), Now).Granted();
        var both = LicenceGrants.Give(first, "anna", Content, null, "second", new GrantTerms(1, null, null), Now).Granted();
        var held = Hold(Hold(both, A).Granted(), B).Granted();
        var counted = Count(Count(held, B).Granted(), A).Granted();

        Assert.That(counted.Counted.Select(play => (play.Play, play.Grant)), Is.EquivalentTo(new[] { (A, (int?)1), (B, 2) }));
    }

    [Test]
    public void Remembers_no_more_of_them_than_plays()
    {
        var unlimited = new LicenceTerms(null, null);
        var full = Enumerable.Range(0, LicenceGrain.MaxPlaysRemembered).Aggregate(default(LicenceState), (state, _) => Hold(state, Guid.NewGuid(), terms: unlimited).Granted())!;

        Assert.That(Hold(full, A, terms: unlimited).Refusal?.Detail, Does.Contain("begun 100 times"));
    }

    private static Change<LicenceState> Hold(LicenceState? state, Guid play, DateTimeOffset? at = null, LicenceTerms? terms = null, bool isStream = true) =>
        LicenceHolds.Hold(state, "anna", Content, terms ?? Once, Session, play, isStream, at ?? Now);

    private static Change<LicenceState> Count(LicenceState state, Guid play, DateTimeOffset? at = null) => LicenceGrain.CountPlay(state, "anna", Content, Once, Session, play, 1, at ?? Now);

    private static Change<LicenceState> Take(LicenceState state, Guid download, int? plays) =>
        LicenceReservations.Take(state, "anna", Content, Once, new DownloadId(download), plays, Now + Hour, Now);
}
