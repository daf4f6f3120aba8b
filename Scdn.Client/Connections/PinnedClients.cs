using System.Collections.Concurrent;
using System.Net.Security;
using Scdn.Format;

namespace Scdn.Client.Connections;

/// <summary>
/// HTTP clients for several hosts, each known by its key (<see cref="PinnedTls"/>): one for all that speak plain http, and one with connections of its own for each that speaks https, by what it is known by. All live as long as this.
/// </summary>
/// <param name="newHandler">Makes a handler that speaks TLS like this.</param>
/// <param name="timeout">How long a client waits for an answer.</param>
/// <param name="advice">What to do about a host that is refused: the end of a sentence.</param>
/// <param name="refused">Told the sentence each time that one is.</param>
public sealed class PinnedClients(Func<SslClientAuthenticationOptions?, HttpMessageHandler> newHandler, TimeSpan timeout, string advice, Action<string>? refused = null) : IDisposable
{
    private readonly ConcurrentDictionary<(string Authority, string Pins), Lazy<HttpClient>> _clients = new();
    private readonly Lazy<HttpClient> _plain = new(() => new HttpClient(newHandler(null)) { Timeout = timeout });

    /// <summary>The client for a host.</summary>
    /// <param name="host">Its address; anything below it is of no matter.</param>
    /// <param name="pins">What it goes by; null: an authority vouches for it.</param>
    public HttpClient For(Uri host, KeyPins? pins) => host.Scheme == Uri.UriSchemeHttp ? _plain.Value : For(host, pins?.All ?? []);

    /// <summary>The client for a host.</summary>
    /// <param name="host">Its address; anything below it is of no matter.</param>
    /// <param name="pins">What it is known by, any of these; none: an authority vouches for it.</param>
    public HttpClient For(Uri host, IReadOnlyCollection<KeyPin> pins) => host.Scheme == Uri.UriSchemeHttp
        ? _plain.Value
        : _clients.GetOrAdd((host.Authority, string.Join(' ', pins)), _ => new(() => NewClient(host.Authority, pins))).Value;

    /// <summary>Closes all connections.</summary>
    public void Dispose()
    {
        foreach (var client in _clients.Values.Prepend(_plain).Where(client => client.IsValueCreated)) client.Value.Dispose();
    }

    private HttpClient NewClient(string authority, IReadOnlyCollection<KeyPin> pins) => new(newHandler(PinnedTls.OptionsFor(authority, pins, advice, refused))) { Timeout = timeout };
}
