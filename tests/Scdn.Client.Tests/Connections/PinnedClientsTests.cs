using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Scdn.Client.Connections;
using Scdn.Format;
using Scdn.Testing;

namespace Scdn.Client.Tests.Connections;

internal sealed class PinnedClientsTests
{
    private static readonly Uri Host = new("https://127.0.0.1:7400");

    private X509Certificate2 _first = null!;
    private X509Certificate2 _next = null!;
    private SslClientAuthenticationOptions? _options;
    private PinnedClients _clients = null!;

    [SetUp]
    public void SetUp()
    {
        (_first, _next) = (TestCertificates.Make(), TestCertificates.Make());
        _clients = new(
            options =>
            {
                _options = options;
                return new SocketsHttpHandler();
            },
            Timeout.InfiniteTimeSpan,
            "ask its owner");
    }

    [TearDown]
    public void TearDown()
    {
        _clients.Dispose();
        _first.Dispose();
        _next.Dispose();
    }

    [Test]
    public void A_host_that_told_of_a_successor_to_its_key_is_asked_over_the_connections_that_there_are()
    {
        var before = _clients.For(Host, [KeyPin.Of(_first)]);
        Assert.That(_clients.For(Host, [KeyPin.Of(_first), KeyPin.Of(_next)]), Is.SameAs(before));
        Assert.That(_clients.For(Host, [KeyPin.Of(_next)]), Is.SameAs(before));
    }

    [Test]
    public void A_successor_is_taken_once_it_was_told_of()
    {
        _clients.For(Host, [KeyPin.Of(_first)]);
        Assert.That(() => Takes(_next), Throws.InstanceOf<UntrustedHostException>());

        _clients.For(Host, [KeyPin.Of(_first), KeyPin.Of(_next)]);
        Assert.That(Takes(_next) && Takes(_first));
    }

    [Test]
    public void A_host_that_is_known_by_another_key_or_by_an_authority_is_another_one()
    {
        var one = _clients.For(Host, [KeyPin.Of(_first)]);
        Assert.That(new[] { _clients.For(Host, [KeyPin.Of(_next)]), _clients.For(Host, []), one }, Is.Unique);
        Assert.That(_clients.For(Host, []), Is.SameAs(_clients.For(Host, default(KeyPins?))));
    }

    private bool Takes(X509Certificate2 shown) => _options!.RemoteCertificateValidationCallback!(this, shown, null, SslPolicyErrors.RemoteCertificateChainErrors);
}
