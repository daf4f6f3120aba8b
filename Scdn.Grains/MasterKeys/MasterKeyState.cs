using System.Text.Json.Serialization.Metadata;
using Scdn.Grains.Storage;

namespace Scdn.Grains.MasterKeys;

/// <summary>Under which master key secrets are sealed; never the key. Of a store whose key was never changed there is none: then it is the only key that hosts hold.</summary>
/// <param name="Current">The key's id; null: the key was never changed.</param>
/// <param name="Asked">What control hosts are asked by to say which keys they hold.</param>
public sealed record MasterKeyState(string? Current, Guid Asked) : IGrainState<MasterKeyState>
{
    /// <summary>The grain's id: there is one.</summary>
    public const string Id = "current";

    /// <inheritdoc/>
    public static string Kind => "master-key";

    /// <inheritdoc/>
    public static JsonTypeInfo<MasterKeyState> Json => GrainJson.Default.MasterKeyState;
}
