using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Scdn.Format;
using Scdn.Grains.Configurations;
using Scdn.Host.Hosting.Configuration;
using Scdn.Host.Tests.Samples;

namespace Scdn.Host.Tests.Hosting.Configuration;

internal sealed class ClientAddressTests
{
    [TestCase("192.0.2.1", null, "192.0.2.1")]
    [TestCase("192.0.2.1", "198.51.100.7", "192.0.2.1")]
    [TestCase("10.0.0.1", null, "10.0.0.1")]
    [TestCase("10.0.0.1", "198.51.100.7", "198.51.100.7")]
    [TestCase("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7")]
    [TestCase("10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7")]
    [TestCase("10.0.0.1", "198.51.100.7:4711", "198.51.100.7")]
    [TestCase("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [TestCase("10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7")]
    [TestCase("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7")]
    [TestCase("10.0.0.1", "203.0.113.9,unknown", "10.0.0.1")]
    [TestCase("10.0.0.1", "", "10.0.0.1")]
    public void Is_what_the_last_proxy_of_ones_own_heard(string remote, string? forwarded, string address) => Assert.That(Of(IPAddress.Parse(remote), forwarded), Is.EqualTo(address));

    [Test]
    public void Is_not_known_without_a_connection() => Assert.That(Of(null, "198.51.100.7"), Is.Null);

    private static string? Of(IPAddress? remote, string? forwarded)
    {
        Assert.That(AddressRanges.TryParse("10.0.0.0/8", out var proxies));
        using var services = new ServiceCollection().AddSingleton<ISettings>(new FixedSettings(Settings.Default with { Proxies = proxies! })).BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services, Connection = { RemoteIpAddress = remote } };
        if (forwarded is not null) context.Request.Headers["X-Forwarded-For"] = forwarded;
        return ClientAddress.Of(context);
    }
}
