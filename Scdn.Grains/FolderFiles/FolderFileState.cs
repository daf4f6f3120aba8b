using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.FolderFiles;

/// <summary>A file of the content folder, as it was when it was last looked into. The grain's id is its path within the folder.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Modified">When it was last written to.</param>
/// <param name="Content">The content that was published from it; null when none was yet.</param>
/// <param name="Refused">Why this state of the file was not taken in, as a sentence; null when it was.</param>
/// <param name="Gone">Since when it is no longer there; null: it is.</param>
/// <param name="Publishing">The version of the content as which this state of the file is being published; null: that is over.</param>
public sealed record FolderFileState(
    long Length, DateTimeOffset Modified, ContentId? Content, string? Refused = null, DateTimeOffset? Gone = null, int? Publishing = null)
    : IGrainState<FolderFileState>
{
    /// <inheritdoc/>
    public static string Kind => "folder-file";

    /// <inheritdoc/>
    public static JsonTypeInfo<FolderFileState> Json => GrainJson.Default.FolderFileState;
}
