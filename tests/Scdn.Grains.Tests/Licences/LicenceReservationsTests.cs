using Scdn.Format;
using Scdn.Grains.Licences;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Licences;

[TestFixture]
internal sealed class LicenceReservationsTests
{
    private static readonly ContentId Content = ContentId.New();
    private static readonly DownloadId Download = DownloadId.New();

    [Test]
    public void Takes_all_plays_that_are_left_unless_told_how_many()
    {
        var all = Take(null, plays: null).Granted();
        var two = Take(null, plays: 2).Granted();

        Assert.That((all.PlaysLeft, Reserved(all), two.PlaysLeft, Reserved(two)), Is.EqualTo(((int?)0, (int?)3, (int?)1, (int?)2)));
    }

    [Test]
    public void Takes_no_more_than_there_are() => Assert.That(Reserved(Take(null, plays: 9).Granted()), Is.EqualTo(3));

    [Test]
    public void Takes_once_however_often_it_is_asked_for() => Assert.That(Take(Take(null, 2).Granted(), 2).IsNone(), Is.True);

    [Test]
    public void Leaves_an_account_without_limit_as_it_is()
    {
        var licence = LicenceReservations.Take(null, "anna", Content, new(null, null), Download, null, Now + Hour, Now).Granted();

        Assert.That((licence.PlaysLeft, Reserved(licence)), Is.EqualTo(((int?)null, (int?)null)));
    }

    [Test]
    public void Ends_with_what_was_bought_or_at_the_latest()
    {
        var bought = LicenceReservations.Take(null, "anna", Content, new(3, Now + (Hour / 2)), Download, null, Now + Hour, Now).Granted();

        Assert.That((Find(bought)!.Until, Find(Take(null, null).Granted())!.Until), Is.EqualTo((Now + (Hour / 2), Now + Hour)));
    }

    [Test]
    public void Refuses_when_no_plays_are_left()
    {
        var used = Take(null, null).Granted();

        var refused = LicenceReservations.Take(used, "anna", Content, null, DownloadId.New(), null, Now + Hour, Now).Refusal;

        Assert.That(refused, Is.EqualTo(Refusal.Denied($"No plays are left of content {Content}; buy it again to play on.")));
    }

    [Test]
    public void Gives_back_once_what_was_not_played()
    {
        var taken = Take(null, null).Granted();
        var back = LicenceReservations.GiveBack(taken, Download, unplayed: 2, unsought: 0).Granted();

        Assert.That((back.PlaysLeft, LicenceReservations.GiveBack(back, Download, 2, 0).IsNone()), Is.EqualTo(((int?)2, true)));
    }

    [Test]
    public void Gives_back_to_the_grant_that_it_was_taken_from()
    {
        var granted = LicenceGrants.Give(null, "anna", Content, null, "o-1", new(3, null, null), Now).Granted();
        var taken = LicenceReservations.Take(granted, "anna", Content, null, Download, 2, Now + Hour, Now).Granted();

        Assert.That((LicenceGrain.Left(taken, Now)!.Plays, LicenceGrain.Left(LicenceReservations.GiveBack(taken, Download, 1, 0).Granted(), Now)!.Plays), Is.EqualTo(((int?)1, (int?)2)));
    }

    [Test]
    public void Knows_no_download_any_more_whose_grant_was_taken_back()
    {
        var granted = LicenceGrants.Give(null, "anna", Content, null, "o-1", new(3, null, null), Now).Granted();
        var taken = LicenceReservations.Take(granted, "anna", Content, null, Download, 2, Now + Hour, Now).Granted();

        Assert.That(Find(LicenceGrants.TakeBack(taken, "o-1", Now).Granted()), Is.Null);
    }

    [Test]
    public void Has_an_end_to_the_number_of_devices_and_forgets_those_that_ended()
    {
        LicenceState? licence = null;
        for (var device = 0; device < LicenceReservations.MaxDownloads; device++) licence = One(licence, Now).Granted();

        Assert.That((One(licence, Now).Refused(), One(licence, Now + Hour).Granted().Reserved!.Count), Is.EqualTo(((RefusalKind?)RefusalKind.Denied, 1)));

        static Change<LicenceState> One(LicenceState? state, DateTimeOffset now) =>
            LicenceReservations.Take(state, "anna", Content, new(100, null), DownloadId.New(), 1, now + Hour, now);
    }

    private static Change<LicenceState> Take(LicenceState? state, int? plays) => LicenceReservations.Take(state, "anna", Content, new(3, null), Download, plays, Now + Hour, Now);

    private static ReservedPlays? Find(LicenceState state) => LicenceReservations.Find(state, Download);

    private static int? Reserved(LicenceState state) => Find(state)!.Plays;
}
