using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.ContentServers;

/// <summary>A token with which one content server can join, once. The store knows its hash only.</summary>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">Not to be used from then on.</param>
/// <param name="UsedBy">The server that joined with it; null: none yet.</param>
/// <param name="KeyThumbprint">JWK thumbprint (RFC 7638) of that server's key; null likewise.</param>
public sealed record JoinTokenState(DateTimeOffset Created, DateTimeOffset Expires, ServerId? UsedBy = null, string? KeyThumbprint = null)
    : IGrainState<JoinTokenState>
{
    /// <inheritdoc/>
    public static string Kind => "join-token";

    /// <inheritdoc/>
    public static JsonTypeInfo<JoinTokenState> Json => GrainJson.Default.JoinTokenState;

    /// <summary>The grain's id: the token's SHA-256 in hexadecimal digits.</summary>
    public static string IdOf(string token) => TokenHash.Of(token);
}
