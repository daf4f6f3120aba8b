using Scdn.Format;
using Scdn.Grains.Licences;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Licences;

internal sealed class LicenceSeeksTests
{
    private static readonly ContentId Content = ContentId.New();
    private static readonly SessionId Session = SessionId.New();
    private static readonly Guid Play = Guid.NewGuid();
    private static readonly Guid Another = Guid.NewGuid();

    [Test]
    public void Are_counted_over_all_plays_of_what_was_granted_and_once_each()
    {
        var licence = Played(Played(Granted(seeks: 5), Play), Another);

        var once = LicenceSeeks.Count(licence, Session, Play, 2).Granted();
        var both = LicenceSeeks.Count(once, Session, Another, 1).Granted();

        Assert.That((LicenceSeeks.Left(both, Session, Play), LicenceSeeks.Left(both, Session, Another)), Is.EqualTo(((int?)2, (int?)2)));
        Assert.That((LicenceSeeks.Count(both, Session, Play, 2).IsNone(), LicenceSeeks.Count(both, Session, Play, 1).IsNone()), Is.EqualTo((true, true)));
    }

    [Test]
    public void Are_never_more_than_were_granted()
    {
        var used = LicenceSeeks.Count(Played(Granted(seeks: 3), Play), Session, Play, int.MaxValue).Granted();

        Assert.That(LicenceSeeks.Left(used, Session, Play), Is.Zero);
    }

    [Test]
    public void Are_not_counted_where_they_are_not_limited() => Assert.That(LicenceSeeks.Count(Played(Granted(seeks: null), Play), Session, Play, 2).IsNone());

    [Test]
    public void Keep_players_away_that_do_not_count_them()
    {
        Assert.That(LicenceSeeks.WhyNotUncounted(Granted(seeks: 3), Now)!.Detail, Does.Contain("limit of seeks, of which 3 are left"));
        Assert.That(LicenceSeeks.WhyNotUncounted(Granted(seeks: null), Now), Is.Null);
    }

    [Test]
    public void Go_along_with_a_download_and_come_back_when_they_were_not_used()
    {
        var download = DownloadId.New();

        var taken = LicenceReservations.Take(Granted(seeks: 3), "ann", Content, bought: null, download, plays: 1, Now.AddDays(30), Now).Granted();
        var back = LicenceReservations.GiveBack(taken, download, unplayed: 1, unsought: 2).Granted();

        Assert.That((LicenceReservations.Find(taken, download)!.Seeks, taken.Grants![0].SeeksLeft, back.Grants![0].SeeksLeft), Is.EqualTo(((int?)3, (int?)0, (int?)2)));
    }

    private static LicenceState Granted(int? seeks) => LicenceGrants.Give(null, "ann", Content, bought: null, "", new(10, null, null, seeks), Now).Granted();

    private static LicenceState Played(LicenceState state, Guid play) => LicenceGrain.CountPlay(state, "ann", Content, bought: null, Session, play, version: 1, Now).Granted();
}
