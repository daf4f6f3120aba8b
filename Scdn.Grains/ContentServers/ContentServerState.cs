using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.ContentServers;

/// <summary>A content server that has joined.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Uri">Where it serves.</param>
/// <param name="PublicKey">What it signs with (JWK, P-256).</param>
/// <param name="Joined">Since when.</param>
/// <param name="Expelled">Since when it is no longer wanted; null: it is.</param>
/// <param name="Pins">What it goes by over TLS; null: it speaks plain http, or an authority vouches for it.</param>
public sealed record ContentServerState(
    string Name, Uri Uri, JsonElement PublicKey, DateTimeOffset Joined, DateTimeOffset? Expelled = null, KeyPins? Pins = null)
    : IGrainState<ContentServerState>
{
    /// <inheritdoc/>
    public static string Kind => "content-server";

    /// <inheritdoc/>
    public static JsonTypeInfo<ContentServerState> Json => GrainJson.Default.ContentServerState;

    /// <summary>The grain's id.</summary>
    public static string IdOf(ServerId server) => server.ToString();
}
