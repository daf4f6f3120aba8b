using Scdn.Grains.ControlHosts;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.ControlHosts;

[TestFixture]
internal sealed class ControlHostGrainTests
{
    [Test]
    public void Registers_what_it_says()
    {
        var host = ControlHostGrain.Register("control", Address, ["admin"], GatewayRank.Primary, Key("a"), Now).Granted();

        Assert.That((host.Uri, host.Gateway, host.Started), Is.EqualTo((Address, GatewayRank.Primary, Now)));
    }

    [Test]
    public void Refuses_a_name_that_is_none() =>
        Assert.That(
            ControlHostGrain.Register("a/b", Address, ["admin"], GatewayRank.None, Key("a"), Now).Refused(), Is.EqualTo(RefusalKind.Invalid));
}
