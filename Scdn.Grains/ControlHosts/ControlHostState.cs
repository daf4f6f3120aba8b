using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.ControlHosts;

/// <summary>A control host; the grain's id is its name.</summary>
/// <param name="Uri">Where it answers.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Gateway">Whether and how it is a gateway.</param>
/// <param name="PublicKey">What it signs with (JWK, P-256).</param>
/// <param name="Started">When it was started last.</param>
/// <param name="Pins">What it goes by over TLS; null: it speaks plain http, or an authority vouches for it.</param>
/// <param name="Removed">Since when it is none any more; null: it is one.</param>
/// <param name="RemovedKeys">The keys of those that were removed under this name: they are refused for good; null: none.</param>
public sealed record ControlHostState(
    Uri Uri,
    IReadOnlyList<string> Roles,
    GatewayRank Gateway,
    JsonElement PublicKey,
    DateTimeOffset Started,
    KeyPins? Pins = null,
    DateTimeOffset? Removed = null,
    IReadOnlyList<JsonElement>? RemovedKeys = null)
    : IGrainState<ControlHostState>
{
    /// <inheritdoc/>
    public static string Kind => "control-host";

    /// <inheritdoc/>
    public static JsonTypeInfo<ControlHostState> Json => GrainJson.Default.ControlHostState;
}

/// <summary>Whether and how a control host is a gateway.</summary>
public enum GatewayRank
{
    /// <summary>It is none.</summary>
    None,

    /// <summary>The one that is asked first.</summary>
    Primary,

    /// <summary>One that is asked when the primary does not answer.</summary>
    Secondary,
}
