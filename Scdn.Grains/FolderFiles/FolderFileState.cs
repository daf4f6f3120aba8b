using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.FolderFiles;

/// <summary>A file of the content folder, as it was when it was last looked into. The grain's id (<see cref="IdOf"/>) is the host that watches the folder, and the file's path within it.</summary>
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

    // No path has it in its middle, so what was noted when there was one folder only, under the path alone, is told apart.
    private const string Separator = "//";

    /// <summary>The grain's id.</summary>
    public static string IdOf(string host, string path) => $"{host}{Separator}{path}";

    /// <summary>The path of a file of a host's folder; null: the file is another host's.</summary>
    /// <param name="id">The grain's id.</param>
    /// <param name="host">The host.</param>
    /// <param name="isOfOneFolder">Whether it was noted when there was one folder only: under its path alone.</param>
    public static string? PathOf(string id, string host, out bool isOfOneFolder)
    {
        isOfOneFolder = !id.Contains(Separator, StringComparison.Ordinal);
        if (isOfOneFolder) return id;
        return id.StartsWith(IdOf(host, ""), StringComparison.Ordinal) ? id[IdOf(host, "").Length..] : null;
    }
}
