using System.Text.Json.Serialization.Metadata;
using Scdn.Grains.Storage;

namespace Scdn.Grains.MasterKeys;

/// <summary>Which master keys a control host holds, by their ids; the grain's id is the host's name.</summary>
/// <param name="Keys">The ids.</param>
/// <param name="Answered">What it was asked by (<see cref="MasterKeyState.Asked"/>).</param>
public sealed record MasterKeyHolderState(IReadOnlyList<string> Keys, Guid Answered) : IGrainState<MasterKeyHolderState>
{
    /// <inheritdoc/>
    public static string Kind => "master-key-holder";

    /// <inheritdoc/>
    public static JsonTypeInfo<MasterKeyHolderState> Json => GrainJson.Default.MasterKeyHolderState;
}
