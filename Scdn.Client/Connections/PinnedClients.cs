using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Security;
using Scdn.Format;

namespace Scdn.Client.Connections;

/// <summary>
/// HTTP clients for several hosts, each known by its key (<see cref="PinnedTls"/>): one for all that speak plain http, and one with connections of its own for each that speaks https. A host that told of a successor to its key is the same
/// host, by the same connections, to whoever knows the one or both. All live as long as this. Thread-safe.
/// </summary>
/// <param name="newHandler">Makes a handler that speaks TLS like this.</param>
/// <param name="timeout">How long a client waits for an answer.</param>
/// <param name="advice">What to do about a host that is refused: the end of a sentence.</param>
/// <param name="refused">Told the sentence each time that one is.</param>
public sealed class PinnedClients(Func<SslClientAuthenticationOptions?, HttpMessageHandler> newHandler, TimeSpan timeout, string advice, Action<string>? refused = null) : IDisposable
{
    private readonly ConcurrentDictionary<string, ImmutableList<PinnedClient>> _clients = new();
    private readonly Lazy<HttpClient> _plain = new(() => new HttpClient(newHandler(null)) { Timeout = timeout });

    /// <summary>The client for a host.</summary>
    /// <param name="host">Its address; anything below it is of no matter.</param>
    /// <param name="pins">What it goes by; null: an authority vouches for it.</param>
    public HttpClient For(Uri host, KeyPins? pins) => host.Scheme == Uri.UriSchemeHttp ? _plain.Value : For(host, pins?.All ?? []);

    /// <summary>The client for a host.</summary>
    /// <param name="host">Its address; anything below it is of no matter.</param>
    /// <param name="pins">What it is known by, any of these; none: an authority vouches for it.</param>
    public HttpClient For(Uri host, IReadOnlyCollection<KeyPin> pins)
    {
        if (host.Scheme == Uri.UriSchemeHttp) return _plain.Value;
        if (Find(host.Authority, pins) is not { } client)
        {
            _clients.AddOrUpdate(host.Authority, authority => [NewClient(authority, pins)], (authority, clients) => clients.Exists(one => one.IsOf(pins)) ? clients : clients.Add(NewClient(authority, pins)));
            client = Find(host.Authority, pins)!;
        }

        return client.Knowing(pins);
    }

    /// <summary>Closes all connections.</summary>
    public void Dispose()
    {
        if (_plain.IsValueCreated) _plain.Value.Dispose();
        foreach (var client in _clients.Values.SelectMany(clients => clients)) client.Dispose();
    }

    private PinnedClient? Find(string authority, IReadOnlyCollection<KeyPin> pins) => _clients.TryGetValue(authority, out var clients) ? clients.Find(client => client.IsOf(pins)) : null;

    private PinnedClient NewClient(string authority, IReadOnlyCollection<KeyPin> pins) => new(pins, known => new(newHandler(PinnedTls.OptionsFor(authority, known, advice, refused))) { Timeout = timeout });
}
