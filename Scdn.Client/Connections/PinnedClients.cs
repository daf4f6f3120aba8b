using System.Collections.Concurrent;
using System.Net.Security;
using Scdn.Format;

namespace Scdn.Client.Connections;

/// <summary>
/// HTTP clients for several hosts, each known by its key (<see cref="PinnedTls"/>): one for all that speak plain http, and one with connections of its own for each that speaks https, by what it is known by. All live as long as this. Thread-safe.
/// </summary>
/// <param name="newHandler">Makes a handler that speaks TLS like this.</param>
/// <param name="timeout">How long a client waits for an answer.</param>
/// <param name="advice">What to do about a host that is refused: the end of a sentence.</param>
/// <param name="refused">Told the sentence each time that one is.</param>
public sealed class PinnedClients(Func<SslClientAuthenticationOptions?, HttpMessageHandler> newHandler, TimeSpan timeout, string advice, Action<string>? refused = null) : IDisposable
{
    private readonly ConcurrentDictionary<(string Authority, string Pins), PinnedClient> _clients = new();
    private readonly Lazy<HttpClient> _plain = new(() => new HttpClient(newHandler(null)) { Timeout = timeout });

    /// <summary>The client for a host.</summary>
    /// <param name="host">Its address; anything below it is of no matter.</param>
    /// <param name="pins">What it goes by; null: an authority vouches for it.</param>
    public HttpClient For(Uri host, KeyPins? pins) => host.Scheme == Uri.UriSchemeHttp ? _plain.Value : For(host, pins?.All ?? []);

    /// <summary>The client for a host.</summary>
    /// <param name="host">Its address; anything below it is of no matter.</param>
    /// <param name="pins">What it is known by, any of these; none: an authority vouches for it.</param>
    public HttpClient For(Uri host, IReadOnlyCollection<KeyPin> pins) =>
        host.Scheme == Uri.UriSchemeHttp ? _plain.Value : _clients.GetOrAdd(KeyOf(host, pins), key => NewClient(key.Authority, pins)).Http;

    /// <summary>A host said itself, over a connection by which it was known, what it goes by from now on: whoever knows that asks it over the connections that there are, and nobody any more by what it was known by before.</summary>
    /// <param name="host">Its address.</param>
    /// <param name="before">What it was known by when it said so.</param>
    /// <param name="now">What it said.</param>
    public void Learn(Uri host, KeyPins? before, KeyPins? now)
    {
        if (host.Scheme == Uri.UriSchemeHttp || before is not { } old || now is not { } told || old == told) return;
        if (!_clients.TryGetValue(KeyOf(host, old.All), out var client) || !_clients.TryAdd(KeyOf(host, told.All), client)) return;
        client.Pins = told.All;
        _clients.TryRemove(KeyOf(host, old.All), out _);
    }

    /// <summary>Closes all connections.</summary>
    public void Dispose()
    {
        if (_plain.IsValueCreated) _plain.Value.Dispose();
        foreach (var client in _clients.Values) client.Dispose();
    }

    private static (string Authority, string Pins) KeyOf(Uri host, IReadOnlyCollection<KeyPin> pins) => (host.Authority, string.Join(' ', pins));

    private PinnedClient NewClient(string authority, IReadOnlyCollection<KeyPin> pins) => new(pins, known => new(newHandler(PinnedTls.OptionsFor(authority, known, advice, refused))) { Timeout = timeout });
}
