using System.Text.Json.Serialization.Metadata;
using Scdn.Format.Wire;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Configurations;

/// <summary>What operators set for the whole cluster, and how it came to be so. There is one grain of the kind.</summary>
/// <param name="Values">What is set, by name, as text.</param>
/// <param name="History">The last changes, the oldest first.</param>
public sealed record ConfigurationState(IReadOnlyDictionary<string, string> Values, IReadOnlyList<ConfigurationChange> History) : IGrainState<ConfigurationState>
{
    /// <summary>The grain's id.</summary>
    public const string Id = "cluster";

    /// <inheritdoc/>
    public static string Kind => "configuration";

    /// <inheritdoc/>
    public static JsonTypeInfo<ConfigurationState> Json => GrainJson.Default.ConfigurationState;

    /// <summary>What there is before anything is set.</summary>
    public static ConfigurationState Empty { get; } = new(new Dictionary<string, string>(), []);
}
