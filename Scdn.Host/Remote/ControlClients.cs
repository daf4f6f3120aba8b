using System.Collections.Concurrent;
using Scdn.Client.Connections;
using Scdn.Format;
using Scdn.Host.Hosting;

namespace Scdn.Host.Remote;

/// <summary>
/// HTTP clients for control hosts, whoever asks them what: each is known by its key, and off loopback they are spoken to over TLS only, unless this host was told otherwise. Patience is the caller's. A host that is not the one
/// that was meant is told of in the log, once while that does not change.
/// </summary>
internal sealed partial class ControlClients : IDisposable
{
    /// <summary>A host that lives accepts a connection within this.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    private readonly HostSettings _settings;
    private readonly ILogger<ControlClients> _log;
    private readonly ConcurrentDictionary<string, bool> _told = new();
    private readonly PinnedClients _clients;

    public ControlClients(HostSettings settings, ILogger<ControlClients> log)
    {
        (_settings, _log) = (settings, log);
        var advice = settings.IsControl
            ? "if its key or certificate is another now, restart it, so that it says so"
            : "if its key is another now, start this server with a fresh join token once ('scdn server token'), which names it";
        _clients = new(
            tls => new SocketsHttpHandler { SslOptions = tls, ConnectTimeout = ConnectTimeout, AllowAutoRedirect = false, UseProxy = false, UseCookies = false }, Timeout.InfiniteTimeSpan, advice, Tell);
    }

    /// <summary>The client for a control host.</summary>
    /// <param name="host">Its address.</param>
    /// <param name="pins">What it is known by, any of these; none: an authority vouches for it.</param>
    /// <exception cref="HttpRequestException">It is off loopback and speaks plain http.</exception>
    public HttpClient For(Uri host, IReadOnlyCollection<KeyPin> pins)
    {
        if (_settings.MaySpeakTo(host)) return _clients.For(host, pins);
        var sentence = $"The control host at {host} is not asked, for it is off loopback and speaks plain http: start it with --listen https://…, or this host with {PlainHttp.Option}.";
        Tell(sentence);
        throw new HttpRequestException(sentence);
    }

    public void Dispose() => _clients.Dispose();

    private void Tell(string sentence)
    {
        if (_told.TryAdd(sentence, true)) LogRefused(sentence);
    }

    [LoggerMessage(125, LogLevel.Warning, "{Reason}")]
    private partial void LogRefused(string reason);
}
