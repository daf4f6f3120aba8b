using System.Net;
using System.Net.Sockets;
using Scdn.Format;

namespace Scdn.Host.Roles.Site;

/// <summary>
/// Connections to billing: to addresses of the public internet, and to others only when they are listed. What is looked at is the address that is connected to, not the name, which may mean another one a moment later. Redirects are not followed, and no proxy is
/// asked: the question goes to the address that was configured and nowhere else.
/// </summary>
internal sealed class BillingConnections : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    /// <summary>A name that moves is followed within a minute.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<HttpClient> _former = [];
    private (AddressRanges Allowed, HttpClient Http)? _current;

    /// <summary>Connections to what may be asked now: none that was made when more was allowed is used again.</summary>
    public HttpClient For(AddressRanges allowed)
    {
        lock (_gate)
        {
            if (_current is { } current)
            {
                if (ReferenceEquals(current.Allowed, allowed) || current.Allowed.ToString() == allowed.ToString()) return current.Http;
                // A question may be on its way.
                _former.Add(current.Http);
            }

            _current = (allowed, Make(allowed));
            return _current.Value.Http;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _current?.Http.Dispose();
            foreach (var http in _former) http.Dispose();
        }
    }

    private static HttpClient Make(AddressRanges allowed) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = Lifetime, ConnectCallback = (context, cancel) => ConnectAsync(context.DnsEndPoint, allowed, cancel),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint end, AddressRanges allowed, CancellationToken cancel)
    {
        var named = IPAddress.TryParse(end.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(end.Host, cancel);
        IPAddress[] usable = [.. named.Select(AddressRanges.Plain).Where(address => !AddressRanges.Private.Contains(address) || allowed.Contains(address))];
        if (usable.Length == 0)
            throw new BillingAddressException($"{end.Host} is at {string.Join(", ", named.AsEnumerable())}, which is not of the public internet: list it in billing.private-addresses if it is meant");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(usable, end.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Billing has no address that may be asked.</summary>
internal sealed class BillingAddressException(string message) : Exception(message);
