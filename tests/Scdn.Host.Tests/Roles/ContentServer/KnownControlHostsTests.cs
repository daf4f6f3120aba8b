using Microsoft.Extensions.Logging.Abstractions;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Host.Feed;
using Scdn.Host.Hosting;
using Scdn.Host.Roles.ContentServer;
using Scdn.Testing;

namespace Scdn.Host.Tests.Roles.ContentServer;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class KnownControlHostsTests : IDisposable
{
    private static readonly Uri Control = new("https://192.0.2.1:7400");
    private static readonly KeyPin OfToken = Pin('a');
    private static readonly KeyPins OfFeed = Pins('b');

    private readonly TempFolder _folder = new();
    private readonly ServerView _view = new(new FakeTime());
    private readonly ControlHosts _hosts;
    private readonly Membership _membership;

    public KnownControlHostsTests()
    {
        var settings = new HostSettings { Roles = ["content"], Name = "s1", DataFolder = _folder["data"], Listen = new("http://127.0.0.1:0"), Control = [Control] };
        (_hosts, _membership) = (new(settings, _view), new(settings));
        _hosts.Trust([OfToken]);
        new KnownControlHosts(_view, _hosts, _membership, NullLogger<KnownControlHosts>.Instance).KeepFromNowOn();
    }

    public void Dispose() => _folder.Dispose();

    [Test]
    public void What_a_join_token_names_is_trusted_only_until_the_feed_has_told_what_control_hosts_go_by()
    {
        _membership.Keep(new(ServerId.New(), []));
        var joined = _hosts.PinsOf(Control);
        Tell(new(Guid.Empty, null, Reset: true), new(Guid.Empty, null, 1, ControlHost: new("control", Control, ["admin"], Primary: true, OfFeed)));
        var during = _hosts.PinsOf(Control);
        Tell(new FeedLine(Guid.Empty, 1, CaughtUp: true));

        Assert.That((joined, during), Is.EqualTo((new[] { OfToken }, new[] { OfToken })));
        Assert.That(_hosts.PinsOf(Control), Is.EqualTo(OfFeed.All));

        // Not even when it is told of none any more.
        Tell(new(Guid.Empty, null, Reset: true), new(Guid.Empty, 1, CaughtUp: true));
        Assert.That(_hosts.PinsOf(Control), Is.Empty);
    }

    [Test]
    public void What_a_join_token_names_is_trusted_as_long_as_the_server_has_not_joined()
    {
        Tell(new(Guid.Empty, null, Reset: true), new(Guid.Empty, null, 1, ControlHost: new("control", Control, ["admin"], Primary: true, OfFeed)), new(Guid.Empty, 1, CaughtUp: true));

        Assert.That(_hosts.PinsOf(Control), Does.Contain(OfToken));
    }

    private void Tell(params FeedLine[] lines)
    {
        foreach (var line in lines) _view.Take(line, first: true);
    }

    private static KeyPin Pin(char digit)
    {
        Assert.That(KeyPin.TryParse(new string(digit, 64), out var pin));
        return pin;
    }

    private static KeyPins Pins(char digit)
    {
        Assert.That(KeyPins.TryParse(new string(digit, 64), out var pins));
        return pins!;
    }
}
