using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Replicas;

/// <summary>What one server is to hold of one content, and what it does hold.</summary>
/// <param name="Server">Which server.</param>
/// <param name="Content">Which content.</param>
/// <param name="Wanted">The version that it is to hold; 0: nothing of it any more.</param>
/// <param name="HeaderHash">SHA-256 of the header of that version (of the last one wanted, when none is).</param>
/// <param name="Held">The version that it says it holds whole; 0: none.</param>
/// <param name="Before">Versions before that one whose parts it says it still serves, for those who are playing them; null: none.</param>
public sealed record ReplicaState(ServerId Server, ContentId Content, int Wanted, byte[] HeaderHash, int Held = 0, IReadOnlyList<int>? Before = null)
    : IGrainState<ReplicaState>
{
    /// <inheritdoc/>
    public static string Kind => "replica";

    /// <inheritdoc/>
    public static JsonTypeInfo<ReplicaState> Json => GrainJson.Default.ReplicaState;

    /// <summary>The grain's id.</summary>
    public static string IdOf(ServerId server, ContentId content) => $"{server}/{content}";
}
