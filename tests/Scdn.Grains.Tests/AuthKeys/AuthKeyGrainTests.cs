using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.Roles;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.AuthKeys;

[TestFixture]
internal sealed class AuthKeyGrainTests
{
    private static readonly KeyId Id = KeyId.New();
    private static readonly ServerId Server = ServerId.New();
    private static readonly KeyOrder Order = new(SessionId.New(), "anna", ContentId.New(), [Server], Now + Hour);
    private static readonly AuthKeyState Key = Issue(Order).Granted();

    [Test]
    public void Ends_after_its_lifetime() =>
        Assert.That(AuthKeyGrain.Issue(null, Order, "pseudonym", TimeSpan.FromMinutes(5), Now).Granted().Expires, Is.EqualTo(Now.AddMinutes(5)));

    [Test]
    public void Ends_no_later_than_what_it_stands_for() => Assert.That(Key.Expires, Is.EqualTo(Now + Hour));

    [Test]
    public void Is_soon_over_when_it_is_for_the_start_of_a_play_alone()
    {
        var order = Order with { StartOf = new(1, new byte[32]) };
        Assert.That(AuthKeyGrain.Issue(null, order, "pseudonym", TimeSpan.FromMinutes(5), Now).Granted().Expires, Is.EqualTo(Now.AddMinutes(2)));
        Assert.That(AuthKeyGrain.Issue(null, order, "pseudonym", TimeSpan.FromMinutes(1), Now).Granted().Expires, Is.EqualTo(Now.AddMinutes(1)));
    }

    [Test]
    public void Is_not_issued_for_what_is_over() => Assert.That(Issue(Order with { NotAfter = Now }).Refused(), Is.EqualTo(RefusalKind.Denied));

    [Test]
    public void Is_not_issued_for_no_server() => Assert.That(Issue(Order with { Servers = [] }).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Names_a_server_once() => Assert.That(Issue(Order with { Servers = [Server, Server] }).Granted().Servers, Is.EqualTo([Server]));

    [Test]
    public void Is_issued_once() =>
        Assert.That(AuthKeyGrain.Issue(Key, Order, "pseudonym", Hour, Now).Refused(), Is.EqualTo(RefusalKind.Conflict));

    [Test]
    public void Is_valid_until_it_expires()
    {
        Assert.That(AuthKeyGrain.Status(Id, Key, Now), Is.EqualTo(new KeyStatus(Id, Order.Content, Now + Hour, Valid: true, Reason: null)));
        Assert.That(AuthKeyGrain.Status(Id, Key, Now + Hour).Reason, Is.EqualTo($"Authentication key {Id} has expired."));
    }

    [Test]
    public void Is_worth_nothing_once_revoked()
    {
        var revoked = AuthKeyGrain.Revoke(Key, Now).Granted();

        Assert.That(AuthKeyGrain.Status(Id, revoked, Now).Reason, Is.EqualTo($"Authentication key {Id} has been revoked."));
        Assert.That(AuthKeyGrain.Standing(Id, revoked), Is.EqualTo(new KeyStanding(Id, Order.Content, Now + Hour, Revoked: true)));
        Assert.That(AuthKeyGrain.Revoke(revoked, Now + Hour).IsNone(), Is.True);
    }

    [Test]
    public void Cannot_be_revoked_when_it_never_was() => Assert.That(AuthKeyGrain.Revoke(null, Now).Refused(), Is.EqualTo(RefusalKind.NotFound));

    private static Change<AuthKeyState> Issue(KeyOrder order) => AuthKeyGrain.Issue(null, order, "pseudonym", 2 * Hour, Now);
}
