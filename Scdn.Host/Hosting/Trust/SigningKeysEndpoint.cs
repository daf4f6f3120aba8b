using System.Text.Json;

namespace Scdn.Host.Hosting.Trust;

/// <summary><c>GET /.well-known/jwks.json</c>: the public keys that control hosts sign with (RFC 7517), for whoever checks authentication keys by himself.</summary>
internal static class SigningKeysEndpoint
{
    // A fresh key is told ten seconds before it is used, so whoever meets one that he does not know asks again.
    private const string Caching = "public, max-age=60";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/.well-known/jwks.json", (HttpContext http, ClusterDirectory directory) =>
    {
        http.Response.Headers.CacheControl = Caching;
        return new JsonWebKeySet(directory.SigningKeys);
    }).ForEverybody().WithSummary("The public keys that control hosts sign with.");

    /// <summary>A JWK set.</summary>
    /// <param name="Keys">Its keys.</param>
    internal sealed record JsonWebKeySet(IReadOnlyList<JsonElement> Keys);
}
