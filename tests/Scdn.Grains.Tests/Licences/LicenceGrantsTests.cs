using Scdn.Format;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Licences;

[TestFixture]
internal sealed class LicenceGrantsTests
{
    private static readonly ContentId Content = ContentId.New();
    private static readonly SessionId Session = SessionId.New();
    private static readonly GrantTerms Thrice = new(3, null, null);
    private static readonly string TooLong = new('o', 101);

    [Test]
    public void Plays_nothing_by_an_account_that_was_granted_nothing() =>
        Assert.That(Play(null, null).Refusal, Is.EqualTo(Refusal.Denied($"Content {Content} was not granted to 'anna'; buy it to play it.")));

    [Test]
    public void Grants_plays_and_counts_them_down()
    {
        var licence = Play(Play(Give(null, Thrice).Granted()).Granted()).Granted();

        Assert.That(LicenceGrain.Left(licence, Now), Is.EqualTo(new Remainder(1, null)));
    }

    [Test]
    public void Changes_nothing_when_the_same_is_granted_again_although_it_was_played_meanwhile()
    {
        var played = Play(Give(null, Thrice).Granted()).Granted();

        Assert.That(Give(played, Thrice).IsNone(), Is.True);
    }

    [Test]
    public void Changes_nothing_when_the_same_is_granted_again_after_it_ended()
    {
        var ending = Give(null, new(3, Now + Hour, null)).Granted();

        Assert.That(Give(ending, new(3, Now + Hour, null), now: Now + Hour).IsNone(), Is.True);
    }

    [Test]
    public void Takes_other_terms_of_the_same_purchase_as_a_change_that_forgets_no_play()
    {
        var extended = Give(Play(Give(null, Thrice).Granted()).Granted(), new(5, Now + Hour, null)).Granted();

        Assert.That(LicenceGrain.Left(extended, Now), Is.EqualTo(new Remainder(4, Now + Hour)));
    }

    [Test]
    public void Adds_another_purchase_on_top() =>
        Assert.That(LicenceGrain.Left(Give(Give(null, Thrice).Granted(), Thrice, "o-2").Granted(), Now), Is.EqualTo(new Remainder(6, null)));

    [Test]
    public void Takes_plays_from_the_purchase_that_ends_first()
    {
        var licence = Play(Give(Give(null, Thrice).Granted(), new(1, Now + Hour, null), "o-2").Granted()).Granted();

        Assert.That(licence.Grants!.Select(grant => grant.Played), Is.EqualTo([0, 1]));
    }

    [Test]
    public void Takes_no_play_while_another_purchase_has_no_limit()
    {
        var licence = Play(Give(Give(null, Thrice).Granted(), new(null, Now + Hour, null), "o-2").Granted()).Granted();

        Assert.That(LicenceGrain.Left(licence, Now + Hour), Is.EqualTo(new Remainder(3, null)));
    }

    [Test]
    public void Is_granted_on_top_of_what_the_account_allows()
    {
        var licence = Give(null, new(1, null, null), bought: new(2, null)).Granted();

        Assert.That(LicenceGrain.Left(licence, Now), Is.EqualTo(new Remainder(3, null)));
    }

    [Test]
    public void Tells_what_a_play_was_begun_with()
    {
        var licence = Play(Give(null, new(1, Now + Hour, 2)).Granted()).Granted();

        Assert.That(LicenceGrain.AllowanceOf(licence, Session, licence.Counted[0].Play), Is.EqualTo(new Allowance(1, 0, Now + Hour, 2)));
    }

    [Test]
    public void Refuses_a_play_when_what_was_granted_is_used_up() =>
        Assert.That(Play(Play(Give(null, new(1, null, null)).Granted()).Granted()).Refusal?.Detail, Does.StartWith("No plays are left"));

    [Test]
    public void Refuses_a_play_past_the_end() =>
        Assert.That(Play(Give(null, new(1, Now + Hour, null)).Granted(), now: Now + Hour).Refusal?.Detail, Does.Contain("ended on 2026-01-02 04:04:05Z"));

    [Test]
    public void Refuses_to_go_on_with_a_play_whose_grant_has_ended()
    {
        var play = Guid.NewGuid();
        var begun = Play(Give(null, new(1, Now + Hour, null)).Granted(), play).Granted();

        Assert.That(Play(begun, play).IsNone(), Is.True);
        Assert.That(Play(begun, play, now: Now + Hour).Refusal?.Detail, Does.Contain("ended on"));
    }

    [Test]
    public void Refuses_to_go_on_with_a_play_whose_grant_was_taken_back()
    {
        var play = Guid.NewGuid();
        var begun = Play(Give(null, Thrice).Granted(), play).Granted();
        var taken = LicenceGrants.TakeBack(begun, "o-1", Now).Granted();

        Assert.That((Play(taken, play).Refusal?.Detail, Play(taken).Refusal?.Detail), Is.EqualTo((Taken, Taken)));
    }

    [Test]
    public void Goes_on_by_another_purchase_when_one_was_taken_back()
    {
        var two = Give(Give(null, Thrice).Granted(), Thrice, "o-2").Granted();
        var taken = LicenceGrants.TakeBack(two, "o-1", Now).Granted();

        Assert.That(LicenceGrain.Left(taken, Now), Is.EqualTo(new Remainder(3, null)));
    }

    [Test]
    public void Takes_all_back_when_none_is_named()
    {
        var two = Give(Give(null, Thrice).Granted(), Thrice, "o-2").Granted();

        Assert.That(LicenceGrain.Left(LicenceGrants.TakeBack(two, null, Now).Granted(), Now), Is.Null);
    }

    [Test]
    public void Is_taken_back_once()
    {
        var taken = LicenceGrants.TakeBack(Give(null, Thrice).Granted(), "o-1", Now).Granted();

        Assert.That(LicenceGrants.TakeBack(taken, "o-1", Now + Hour).IsNone(), Is.True);
    }

    [TestCase(null)]
    [TestCase("o-2")]
    public void Takes_nothing_back_that_was_never_granted(string? purchase)
    {
        Assert.That(LicenceGrants.TakeBack(null, purchase, Now).Refused(), Is.EqualTo(RefusalKind.NotFound));
        Assert.That(LicenceGrants.TakeBack(Give(null, Thrice).Granted(), "o-2", Now).Refused(), Is.EqualTo(RefusalKind.NotFound));
    }

    [Test]
    public void Does_not_grant_a_purchase_again_that_was_taken_back()
    {
        var taken = LicenceGrants.TakeBack(Give(null, Thrice).Granted(), "o-1", Now).Granted();

        Assert.That(Give(taken, Thrice).Refused(), Is.EqualTo(RefusalKind.Conflict));
    }

    [Test]
    public void Grants_what_is_the_operators_own_again_after_it_was_taken_back()
    {
        var taken = LicenceGrants.TakeBack(Play(Give(null, Thrice, "").Granted()).Granted(), null, Now).Granted();
        var again = Give(taken, Thrice, "").Granted();

        Assert.That(LicenceGrain.Left(again, Now), Is.EqualTo(new Remainder(3, null)));
        Assert.That(again.Grants!.Select(grant => grant.Number), Is.EqualTo([1, 2]));
    }

    [Test]
    public void Covers_a_key_until_it_is_taken_back_or_ends_before_it()
    {
        var licence = Give(null, new(3, Now + Hour, null)).Granted();
        var taken = LicenceGrants.TakeBack(licence, null, Now).Granted();

        Assert.That(LicenceGrants.Covers(licence, 1, Now + Hour), Is.True);
        Assert.That((LicenceGrants.Covers(licence, 1, Now + (2 * Hour)), LicenceGrants.Covers(licence, 2, Now), LicenceGrants.Covers(taken, 1, Now + Hour)), Is.EqualTo((false, false, false)));
    }

    [Test]
    public void Forgets_the_oldest_that_is_over_when_there_is_no_room()
    {
        var full = Enumerable.Range(1, LicenceGrants.MaxRemembered).Aggregate(default(LicenceState), (state, order) => Give(state, Thrice, $"o-{order}").Granted());
        var refused = Give(full, Thrice, "o-101");
        var after = Give(LicenceGrants.TakeBack(full, "o-7", Now).Granted(), Thrice, "o-101").Granted();

        Assert.That(refused.Refused(), Is.EqualTo(RefusalKind.Conflict));
        Assert.That((after.Grants!.Count, after.Grants.Any(grant => grant.Purchase == "o-7"), after.Grants[^1].Number), Is.EqualTo((100, false, 101)));
    }

    [TestCase(0, null)]
    [TestCase(-1, null)]
    [TestCase(1_000_001, null)]
    [TestCase(null, 0)]
    [TestCase(null, 101)]
    public void Refuses_terms_that_make_no_sense(int? plays, int? streams) => Assert.That(Give(null, new(plays, null, streams)).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Refuses_an_end_that_is_past() => Assert.That(Give(null, new(null, Now, null)).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [TestCase("o 1")]
    [TestCase("o\n")]
    [TestCase("ö")]
    public void Refuses_a_purchase(string purchase) => Assert.That(Give(null, Thrice, purchase).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Refuses_a_purchase_of_more_than_100_characters() => Assert.That(Give(null, Thrice, TooLong).Refused(), Is.EqualTo(RefusalKind.Invalid));

    private static string Taken => $"Content {Content} was granted, and taken back; buy it again to play on.";

    private static Change<LicenceState> Give(LicenceState? state, GrantTerms terms, string purchase = "o-1", LicenceTerms? bought = null, DateTimeOffset? now = null) =>
        LicenceGrants.Give(state, "anna", Content, bought, purchase, terms, now ?? Now);

    private static Change<LicenceState> Play(LicenceState? state, Guid? play = null, DateTimeOffset? now = null) =>
        LicenceGrain.CountPlay(state, "anna", Content, bought: null, Session, play ?? Guid.NewGuid(), 1, now ?? Now);
}
