using System.Text.Json.Serialization.Metadata;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Upkeep;

/// <summary>When something that is done every so often, by any one control host, was begun last; the grain's id says what.</summary>
/// <param name="Host">By whom.</param>
/// <param name="At">When.</param>
public sealed record TurnState(string Host, DateTimeOffset At) : IGrainState<TurnState>
{
    /// <inheritdoc/>
    public static string Kind => "turn";

    /// <inheritdoc/>
    public static JsonTypeInfo<TurnState> Json => GrainJson.Default.TurnState;
}
