using Scdn.Format;

namespace Scdn.Client.Connections;

/// <summary>The client for one host, and what that is known by, which it may have changed since. Thread-safe.</summary>
internal sealed class PinnedClient : IDisposable
{
    private readonly Lazy<HttpClient> _http;
    private volatile IReadOnlyCollection<KeyPin> _pins;

    /// <param name="pins">What it is known by; none: an authority vouches for it.</param>
    /// <param name="newHttp">Makes the client, which asks before each connection what the host is known by.</param>
    public PinnedClient(IReadOnlyCollection<KeyPin> pins, Func<Func<IReadOnlyCollection<KeyPin>>, HttpClient> newHttp) => (_pins, _http) = (pins, new(() => newHttp(() => _pins)));

    /// <summary>What it is known by in connections from now on.</summary>
    public IReadOnlyCollection<KeyPin> Pins
    {
        set => _pins = value;
    }

    /// <summary>The client.</summary>
    public HttpClient Http => _http.Value;

    public void Dispose()
    {
        if (_http.IsValueCreated) _http.Value.Dispose();
    }
}
