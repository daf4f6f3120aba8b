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
    private readonly List<Line> _former = [];
    private Line? _current;

    /// <summary>How many are kept that were made for other addresses than may be asked now, for questions that are on their way.</summary>
    internal int Former
    {
        get
        {
            lock (_gate) return _former.Count;
        }
    }

    /// <summary>Asks over connections to what may be asked now: none that was made when more was allowed is used again. The answer is there whole.</summary>
    public async Task<HttpResponseMessage> SendAsync(AddressRanges allowed, HttpRequestMessage request, CancellationToken cancel)
    {
        var line = Take(allowed);
        try
        {
            return await line.Http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel);
        }
        finally
        {
            Leave(line);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _current?.Http.Dispose();
            foreach (var line in _former) line.Http.Dispose();
        }
    }

    private Line Take(AddressRanges allowed)
    {
        lock (_gate)
        {
            if (_current is { } current && !ReferenceEquals(current.Allowed, allowed) && current.Allowed.ToString() != allowed.ToString())
            {
                if (current.Asking > 0) _former.Add(current);
                else current.Http.Dispose();
                _current = null;
            }

            _current ??= new(allowed, Make(allowed));
            _current.Asking++;
            return _current;
        }
    }

    private void Leave(Line line)
    {
        lock (_gate)
        {
            if (--line.Asking == 0 && _former.Remove(line)) line.Http.Dispose();
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

    private sealed class Line(AddressRanges allowed, HttpClient http)
    {
        public AddressRanges Allowed => allowed;

        public HttpClient Http => http;

        /// <summary>Questions that are on their way.</summary>
        public int Asking { get; set; }
    }
}

/// <summary>Billing has no address that may be asked.</summary>
internal sealed class BillingAddressException(string message) : Exception(message);
