using System.Net;
using Microsoft.Extensions.Primitives;
using Scdn.Format;

namespace Scdn.Host.Hosting.Configuration;

/// <summary>
/// Where a request comes from: the other end of the connection, or, when that is a proxy of one's own (the setting <c>proxies</c>), what it says in <c>X-Forwarded-For</c>. What anybody else says there counts for nothing.
/// </summary>
internal static class ClientAddress
{
    private const string Header = "X-Forwarded-For";

    /// <summary>The address as text; null when the connection has none.</summary>
    public static string? Of(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } remote) return null;
        var proxies = context.RequestServices.GetService<ISettings>()?.Current.Proxies ?? AddressRanges.None;
        return Nearest(AddressRanges.Plain(remote), context.Request.Headers[Header], proxies).ToString();
    }

    /// <summary>Each proxy adds whom it heard at the end: the last one that is no proxy is whom the outermost of them heard.</summary>
    private static IPAddress Nearest(IPAddress remote, StringValues forwarded, AddressRanges proxies)
    {
        var entries = string.Join(',', forwarded.ToArray()).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var nearest = remote;
        for (var next = entries.Length - 1; next >= 0 && proxies.Contains(nearest) && TryRead(entries[next], out var address); next--) nearest = address;
        return nearest;
    }

    /// <summary>Some proxies add the port.</summary>
    private static bool TryRead(string entry, out IPAddress address)
    {
        var found = IPAddress.TryParse(entry, out var alone) ? alone : IPEndPoint.TryParse(entry, out var both) ? both.Address : null;
        address = AddressRanges.Plain(found ?? IPAddress.None);
        return found is not null;
    }
}
