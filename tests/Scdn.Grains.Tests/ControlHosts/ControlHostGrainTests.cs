using Scdn.Format;
using Scdn.Grains.ControlHosts;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.ControlHosts;

[TestFixture]
internal sealed class ControlHostGrainTests
{
    [Test]
    public void Registers_what_it_says()
    {
        var host = ControlHostGrain.Register("control", Address, pins: null, ["admin"], GatewayRank.Primary, Key("a"), Now).Granted();

        Assert.That((host.Uri, host.Gateway, host.Started), Is.EqualTo((Address, GatewayRank.Primary, Now)));
    }

    [Test]
    public void Tells_once_that_it_goes_by_other_keys()
    {
        Assert.That(KeyPins.TryParse($"{new string('a', 64)},{new string('b', 64)}", out var pins));
        var host = ControlHostGrain.Register("control", Address, pins: null, ["admin"], GatewayRank.Primary, Key("a"), Now).Granted();
        var shown = ControlHostGrain.ShowKeys(host, pins).Granted();
        Assert.That((shown.Pins, ControlHostGrain.ShowKeys(shown, pins).IsNone(), ControlHostGrain.ShowKeys(null, pins).Refused()), Is.EqualTo(((KeyPins?)pins, true, RefusalKind.NotFound)));
    }

    [Test]
    public void Refuses_a_name_that_is_none() =>
        Assert.That(
            ControlHostGrain.Register("a/b", Address, pins: null, ["admin"], GatewayRank.None, Key("a"), Now).Refused(), Is.EqualTo(RefusalKind.Invalid));
}
