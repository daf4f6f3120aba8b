using Scdn.Format;
using Scdn.Grains.ContentServers;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.ContentServers;

[TestFixture]
internal sealed class JoinTokenGrainTests
{
    private static readonly ServerId Server = ServerId.New();
    private static readonly JoinTokenState Token = JoinTokenGrain.Make(null, Hour, Now).Granted();

    [Test]
    public void Is_used_by_one_server() => Assert.That(JoinTokenGrain.Use(Token, Server, "thumb", Now).Granted().UsedBy, Is.EqualTo(Server));

    [Test]
    public void Is_not_good_for_a_second_server()
    {
        var used = JoinTokenGrain.Use(Token, Server, "thumb", Now).Granted();

        Assert.That(JoinTokenGrain.Use(used, ServerId.New(), "another", Now).Refused(), Is.EqualTo(RefusalKind.Denied));
    }

    [Test]
    public void Keeps_the_server_that_it_made_when_the_holder_of_the_same_key_comes_again()
    {
        var used = JoinTokenGrain.Use(Token, Server, "thumb", Now).Granted();

        Assert.That(JoinTokenGrain.Use(used, ServerId.New(), "thumb", Now + Hour).IsNone(), Is.True);
    }

    [Test]
    public void Is_not_good_once_it_has_expired() =>
        Assert.That(JoinTokenGrain.Use(Token, Server, "thumb", Now + Hour).Refused(), Is.EqualTo(RefusalKind.Denied));

    [Test]
    public void Is_not_good_when_it_was_never_made() =>
        Assert.That(JoinTokenGrain.Use(null, Server, "thumb", Now).Refused(), Is.EqualTo(RefusalKind.Denied));

    [Test]
    public void Is_kept_under_its_hash() =>
        Assert.That(JoinTokenState.IdOf("abc"), Is.EqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}
