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
        var before = _clients.For(Host, First);
        Assert.That(() => Takes(_next), Throws.InstanceOf<UntrustedHostException>());

        _clients.Learn(Host, First, Both);

        Assert.That(_clients.For(Host, Both), Is.SameAs(before));
        Assert.That(Takes(_next) && Takes(_first));
    }

    [Test]
    public void Who_knows_it_by_more_or_by_less_has_other_connections()
    {
        var one = _clients.For(Host, First);
        Assert.That(new[] { _clients.For(Host, Both), _clients.For(Host, [KeyPin.Of(_next)]), _clients.For(Host, []), one }, Is.Unique);
        Assert.That(_clients.For(Host, []), Is.SameAs(_clients.For(Host, default(KeyPins?))));
    }

    [Test]
    public void What_it_went_by_before_is_taken_no_longer()
    {
        _clients.For(Host, First);
        _clients.Learn(Host, First, new KeyPins(KeyPin.Of(_next)));

        Assert.That(Takes(_next));
        Assert.That(() => Takes(_first), Throws.InstanceOf<UntrustedHostException>());
    }

    private KeyPins First => new(KeyPin.Of(_first));

    private KeyPins Both => new(KeyPin.Of(_first), KeyPin.Of(_next));

    private bool Takes(X509Certificate2 shown) => _options!.RemoteCertificateValidationCallback!(this, shown, null, SslPolicyErrors.RemoteCertificateChainErrors);
}
