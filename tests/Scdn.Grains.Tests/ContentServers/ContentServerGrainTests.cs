using Scdn.Format;
using Scdn.Grains.ContentServers;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.ContentServers;

[TestFixture]
internal sealed class ContentServerGrainTests
{
    private static readonly Uri Elsewhere = new("https://192.0.2.2");
    private static readonly ContentServerState Server = ContentServerGrain.Join(null, "s1", Address, pins: null, Key("a"), Now).Granted();

    [Test]
    public void Joins_with_its_key() => Assert.That(Server.PublicKey.GetProperty("x").GetString(), Is.EqualTo("a"));

    [Test]
    public void It_may_come_back_with_another_certificate()
    {
        Assert.That(KeyPins.TryParse(new string('a', 64), out var pins));
        Assert.That(ContentServerGrain.Join(Server, "s1", Address, pins, Key("a"), Now + Hour).Granted(), Is.EqualTo(Server with { Pins = pins }));
    }

    [Test]
    public void Joining_again_changes_nothing() => Assert.That(ContentServerGrain.Join(Server, "s1", Address, pins: null, Key("a"), Now + Hour).IsNone(), Is.True);

    [Test]
    public void Joining_again_may_bring_another_address()
    {
        var moved = ContentServerGrain.Join(Server, "s1", Elsewhere, pins: null, Key("a"), Now + Hour).Granted();

        Assert.That((moved.Uri, moved.Joined), Is.EqualTo((Elsewhere, Now)));
    }

    [Test]
    public void Does_not_take_another_key() =>
        Assert.That(ContentServerGrain.Join(Server, "s1", Address, pins: null, Key("b"), Now).Refused(), Is.EqualTo(RefusalKind.Conflict));

    [TestCase("ftp://192.0.2.1")]
    [TestCase("http://user@192.0.2.1")]
    [TestCase("http://192.0.2.1/?q")]
    [TestCase("/path")]
    public void Refuses_an_address(string address) =>
        Assert.That(
            ContentServerGrain.Join(null, "s1", new Uri(address, UriKind.RelativeOrAbsolute), pins: null, Key("a"), Now).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Does_not_come_back_once_expelled()
    {
        var expelled = ContentServerGrain.Expel(Server, Now).Granted();

        Assert.That(ContentServerGrain.Join(expelled, "s1", Address, pins: null, Key("a"), Now).Refused(), Is.EqualTo(RefusalKind.Denied));
        Assert.That(ContentServerGrain.Expel(expelled, Now + Hour).IsNone(), Is.True);
    }

    [Test]
    public void Cannot_be_expelled_when_it_never_joined() => Assert.That(ContentServerGrain.Expel(null, Now).Refused(), Is.EqualTo(RefusalKind.NotFound));
}
