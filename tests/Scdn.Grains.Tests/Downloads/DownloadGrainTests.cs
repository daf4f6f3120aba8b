using Scdn.Format;
using Scdn.Grains.Downloads;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.Downloads;

[TestFixture]
internal sealed class DownloadGrainTests
{
    private static readonly ContentId Content = ContentId.New();
    private static readonly DownloadState Fresh = new("anna", Content, 1, Plays: 3, Now + Hour, Key("a"), Now, Sequence: 0, Head: "h0");
    private static readonly Receipt None = new(0, "", "h0");
    private static readonly Receipt One = new(1, "h0", "h1");
    private static readonly Receipt Two = new(2, "h1", "h2");

    [Test]
    public void Is_issued_once_however_often_it_is_asked_for() =>
        Assert.That((DownloadGrain.Issue(null, Fresh).Granted(), DownloadGrain.Issue(Fresh, Fresh with { Issued = Now + Hour }).IsNone()), Is.EqualTo((Fresh, true)));

    [Test]
    public void Is_not_issued_to_another_device_under_the_same_id() =>
        Assert.That(DownloadGrain.Issue(Fresh, Fresh with { SigningKey = Key("b") }).Refused(), Is.EqualTo(RefusalKind.Conflict));

    [Test]
    public void Takes_receipts_in_their_order()
    {
        var state = DownloadGrain.HandIn(Fresh, [One, Two], Two).Granted();

        Assert.That((state.Sequence, state.Head, state.Fault, DownloadGrain.Unplayed(state)), Is.EqualTo((2, "h2", (DownloadFault?)null, 1)));
    }

    [Test]
    public void Changes_nothing_when_the_same_come_again() =>
        Assert.That(DownloadGrain.HandIn(DownloadGrain.HandIn(Fresh, [One, Two], Two).Granted(), [One, Two], Two).IsNone(), Is.True);

    [Test]
    public void Changes_nothing_when_a_device_has_nothing_to_tell() => Assert.That(DownloadGrain.HandIn(Fresh, [], None).IsNone(), Is.True);

    [Test]
    public void Goes_on_from_what_was_handed_in_before() =>
        Assert.That(DownloadGrain.HandIn(DownloadGrain.HandIn(Fresh, [One], One).Granted(), [Two], Two).Granted().Sequence, Is.EqualTo(2));

    [Test]
    public void Refuses_a_chain_with_a_gap() => Assert.That(DownloadGrain.HandIn(Fresh, [Two], Two).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Refuses_a_last_receipt_that_was_not_handed_in() => Assert.That(DownloadGrain.HandIn(Fresh, [One], Two).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Notices_an_older_copy_that_was_put_back() => Over(DownloadGrain.HandIn(Played(2), [], None), DownloadFault.Restored, "older copy");

    [Test]
    public void Notices_another_receipt_of_a_number_that_it_has() => Over(DownloadGrain.HandIn(Played(2), [], Two with { Hash = "other" }), DownloadFault.Forked, "two copies");

    [Test]
    public void Notices_a_receipt_that_hangs_on_another_one() => Over(DownloadGrain.HandIn(Played(1), [Two with { Previous = "other" }], Two), DownloadFault.Forked, "two copies");

    [Test]
    public void Notices_more_receipts_than_plays() => Over(DownloadGrain.HandIn(Played(2), [new(3, "h2", "h3"), new(4, "h3", "h4")], new(4, "", "h4")), DownloadFault.Overdrawn, "more often");

    [Test]
    public void Gives_back_what_was_not_played_once()
    {
        var over = DownloadGrain.GiveBack(Played(1), Now).Granted();

        Assert.That((DownloadGrain.Unplayed(over), DownloadGrain.GiveBack(over, Now + Hour).IsNone()), Is.EqualTo(((int?)2, true)));
        Assert.That(DownloadGrain.HandIn(over, [One], One).Refused(), Is.EqualTo(RefusalKind.Denied));
    }

    private static DownloadState Played(int times) => Fresh with { Sequence = times, Head = $"h{times}" };

    private static void Over(Change<DownloadState> change, DownloadFault fault, string word)
    {
        var state = change.Granted();
        Assert.That(state.Fault, Is.EqualTo(fault));
        Assert.That(DownloadGrain.WhyOver(state)!.Detail, Does.Contain(word));
        Assert.That(DownloadGrain.HandIn(state, [One], One).Refused(), Is.EqualTo(RefusalKind.Denied), "It is for good.");
    }
}
