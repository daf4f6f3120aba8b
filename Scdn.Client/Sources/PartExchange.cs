using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Scdn.Client.Connections;
using Scdn.Client.Scheduling;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Sources;

/// <summary>How a range of a part is asked for, and what an answer is worth (docs/http-api.md, "Content servers" and "Mirrors").</summary>
internal static class PartExchange
{
    private const string Advice = "its operator can let it join again, which tells its present key";

    /// <summary>Clients for content servers, which have no patience of their own.</summary>
    public static PinnedClients NewClients() => new(
        tls => new SocketsHttpHandler
        {
            SslOptions = tls,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            // What is not wanted any more must not come all the same.
            MaxResponseDrainSize = 0,
        },
        Timeout.InfiniteTimeSpan,
        Advice);

    public static async Task<HttpResponseMessage> AskAsync(
        PinnedClients http, ServerEntry server, string authenticationKey, PartId part, ByteRange range, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, server.AddressOf(part));
        request.Headers.Range = new RangeHeaderValue(range.Offset, range.End - 1);
        if (!server.IsMirror) request.Headers.Authorization = new("Bearer", authenticationKey);
        return await http.For(server.Server.Uri, server.Server.Pins).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>How an answer was lost.</summary>
    public static PlayFault LossOf(Exception error) => error.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown } => PlayFault.Reset,
        SocketException => PlayFault.Unreachable,
        _ => error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } ? PlayFault.Unreachable : PlayFault.BrokeOff,
    };

    /// <summary>What is wrong with an answer before its first byte; null when the body is what was asked for.</summary>
    public static ServerFault? FaultOf(ServerEntry server, HttpResponseMessage answer, ByteRange asked, long storedLength)
    {
        switch (answer.StatusCode)
        {
            case HttpStatusCode.OK when asked.Offset == 0 && asked.Length == storedLength:
                return answer.Content.Headers.ContentLength == storedLength ? null : ServerFault.Missing;
            case HttpStatusCode.PartialContent:
                var range = answer.Content.Headers.ContentRange;
                if (range?.Length is { } total && total != storedLength) return ServerFault.Missing;
                var isAsked = range?.From == asked.Offset && range.To == asked.End - 1 && answer.Content.Headers.ContentLength == asked.Length;
                return isAsked ? null : ServerFault.Corrupt;
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                // A mirror was shown no key that another could take the place of.
                return server.IsMirror ? ServerFault.Missing : ServerFault.Refused;
            case HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.RequestedRangeNotSatisfiable:
                return ServerFault.Missing;
            case HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                return ServerFault.Busy;
            default:
                return ServerFault.Corrupt;
        }
    }
}
