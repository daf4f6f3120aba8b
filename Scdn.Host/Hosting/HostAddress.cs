using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Scdn.Host.Hosting;

/// <summary>Where this host serves; known once it has started (the port may have been chosen by the system).</summary>
internal sealed class HostAddress(IServer server, HostSettings settings)
{
    /// <summary>The address that was bound.</summary>
    public Uri Bound => new(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>Where others reach this host.</summary>
    public Uri Public => settings.PublicUri ?? Bound;

    /// <summary>Whether a request that names this authority (its <c>Host</c> header) is meant for this host.</summary>
    public bool AnswersTo(HostString authority) => IsNamedBy(Bound, authority) || IsNamedBy(Public, authority);

    /// <summary>The address of a request as its sender has it: behind a proxy that does TLS that is https, although here it is not.</summary>
    public Uri UrlOf(HttpRequest request) =>
        new($"{(IsNamedBy(Public, request.Host) ? Public.Scheme : request.Scheme)}://{request.Host}{request.PathBase}{request.Path}");

    private static bool IsNamedBy(Uri address, HostString authority) =>
        (authority.Port ?? (address.Scheme == Uri.UriSchemeHttps ? 443 : 80)) == address.Port
        && (authority.Host.Equals(address.Host, StringComparison.OrdinalIgnoreCase) || (address.IsLoopback && authority.Host == "localhost"));
}
