using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Player.Sessions;
using Scdn.Testing;

namespace Scdn.Player.Tests.Sessions;

internal sealed class KnownServersTests
{
    private static readonly Uri Site = new("https://site.example");
    private static readonly RankedServer[] Servers = [.. Enumerable.Range(1, 9).Select(number => new RankedServer(ServerId.New(), $"s{number}", new($"http://s{number}.example:7410")))];

    private TempFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Are_the_best_ones_that_the_site_named_last()
    {
        KnownServers.Keep(_folder["servers.json"], Site, Servers[..1]);
        KnownServers.Keep(_folder["servers.json"], Site, Servers);

        Assert.That(KnownServers.Read(_folder["servers.json"], Site), Is.EqualTo(Servers[..8]));
        Assert.That(Directory.GetFiles(_folder.Path), Is.EqualTo(new[] { _folder["servers.json"] }));
    }

    [Test]
    public void Of_another_site_and_of_a_file_that_is_something_else_are_none()
    {
        KnownServers.Keep(_folder["servers.json"], Site, Servers);

        Assert.That(KnownServers.Read(_folder["servers.json"], new("https://other.example")), Is.Empty);
        Assert.That(KnownServers.Read(_folder.Write("other", "not JSON"), Site), Is.Empty);
        Assert.That(KnownServers.Read(_folder["none"], Site), Is.Empty);
    }

    [Test]
    public void Are_forgotten_where_they_can_t_be_kept()
    {
        KnownServers.Keep(_folder["no folder/servers.json"], Site, Servers);

        Assert.That(KnownServers.Read(_folder["no folder/servers.json"], Site), Is.Empty);
    }
}
