using Scdn.Format;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Storage;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.ControlHosts;

[TestFixture]
internal sealed class ControlHostGrainTests
{
    [Test]
    public void Registers_what_it_says()
    {
        var host = ControlHostGrain.Register(null, "control", Address, pins: null, ["admin"], GatewayRank.Primary, Key("a"), Now).Granted();

        Assert.That((host.Uri, host.Gateway, host.Started), Is.EqualTo((Address, GatewayRank.Primary, Now)));
    }

    [Test]
    public void Goes_by_other_keys_over_tls_once_it_says_so()
    {
        Assert.That(KeyPins.TryParse($"{new string('a', 64)},{new string('b', 64)}", out var pins));
        var host = ControlHostGrain.Register(null, "control", Address, pins: null, ["admin"], GatewayRank.Primary, Key("a"), Now).Granted();

        Assert.That(ControlHostGrain.Register(host, "control", Address, pins, ["admin"], GatewayRank.Primary, Key("a"), Now).Granted().Pins, Is.EqualTo(pins));
    }

    [Test]
    public void Refuses_a_name_that_is_none() =>
        Assert.That(
            ControlHostGrain.Register(null, "a/b", Address, pins: null, ["admin"], GatewayRank.None, Key("a"), Now).Refused(), Is.EqualTo(RefusalKind.Invalid));

    [Test]
    public void Starts_again_by_its_key_and_no_other_host_takes_its_name()
    {
        var host = Register(null, "a").Granted();
        var again = Register(host, "a").Granted();
        var other = Register(again, "b");

        Assert.That(other.Refused(), Is.EqualTo(RefusalKind.Conflict));
        Assert.That(other.Refusal!.Detail, Does.Contain($"{Address}").And.Contain("'control'").And.Contain("another --name").And.Contain("scdn host remove control").And.Contain("hosts/control.key"));
    }

    [Test]
    public void Once_removed_its_key_is_refused_for_good_and_its_name_is_free()
    {
        var removed = ControlHostGrain.Remove(Register(null, "a").Granted(), Now).Granted();
        var successor = Register(removed, "b").Granted();
        var second = ControlHostGrain.Remove(successor, Now).Granted();

        Assert.That((Register(removed, "a").Refused(), Register(successor, "a").Refused(), Register(second, "a").Refused(), Register(second, "b").Refused()), Is.EqualTo((RefusalKind.Denied, RefusalKind.Denied, RefusalKind.Denied, RefusalKind.Denied)));
        Assert.That((removed.Removed, successor.Removed, Register(second, "c").Granted().RemovedKeys?.Count), Is.EqualTo(((DateTimeOffset?)Now, default(DateTimeOffset?), 2)));
        Assert.That((ControlHostGrain.Remove(removed, Now + Hour).IsNone(), ControlHostGrain.Remove(null, Now).Refused()), Is.EqualTo((true, RefusalKind.NotFound)));
    }

    private static Change<ControlHostState> Register(ControlHostState? state, string key) =>
        ControlHostGrain.Register(state, "control", Address, pins: null, ["admin"], GatewayRank.Primary, Key(key), Now);
}
