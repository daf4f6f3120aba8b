using System.Text.Json.Serialization.Metadata;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Operators;

/// <summary>The accounts and tokens of owners that were removed, or are about to be; there is one such grain, so that two can't be removed without knowing of each other.</summary>
/// <param name="Owners">Which, for good: each as its kind and id, with a slash between them.</param>
public sealed record RemovedOwnersState(IReadOnlyList<string> Owners) : IGrainState<RemovedOwnersState>
{
    /// <summary>The grain's id: there is one.</summary>
    public const string Id = "all";

    /// <inheritdoc/>
    public static string Kind => "removed-owners";

    /// <inheritdoc/>
    public static JsonTypeInfo<RemovedOwnersState> Json => GrainJson.Default.RemovedOwnersState;
}
