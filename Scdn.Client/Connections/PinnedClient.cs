using System.Collections.Immutable;
using Scdn.Format;

namespace Scdn.Client.Connections;

/// <summary>The client for one host, and what that is known by, which grows as the host tells of successors to its key. Thread-safe.</summary>
internal sealed class PinnedClient : IDisposable
{
    private readonly Lazy<HttpClient> _http;
    private ImmutableHashSet<KeyPin> _pins;

    /// <param name="pins">What it is known by; none: an authority vouches for it.</param>
    /// <param name="newHttp">Makes the client, which asks before each connection what the host is known by.</param>
    public PinnedClient(IReadOnlyCollection<KeyPin> pins, Func<Func<IReadOnlyCollection<KeyPin>>, HttpClient> newHttp) => (_pins, _http) = ([.. pins], new(() => newHttp(() => _pins)));

    /// <summary>Whether this is the host that somebody knows by these.</summary>
    public bool IsOf(IReadOnlyCollection<KeyPin> pins) => pins.Count > 0 ? _pins.Overlaps(pins) : _pins.IsEmpty;

    /// <summary>The client, now that the host is known by these, too.</summary>
    public HttpClient Knowing(IReadOnlyCollection<KeyPin> pins)
    {
        if (!_pins.IsSupersetOf(pins)) ImmutableInterlocked.Update(ref _pins, known => known.Union(pins));
        return _http.Value;
    }

    public void Dispose()
    {
        if (_http.IsValueCreated) _http.Value.Dispose();
    }
}
