namespace Scdn.Host.Roles.Admin.Folder;

/// <summary>
/// A hidden file in the content folder by which it is known again. A folder that is gone, or an empty mount point in its place, has none: then nothing is
/// taken for deleted.
/// </summary>
internal sealed class FolderMarker(string folder)
{
    public const string FileName = ".scdn-folder";

    private readonly string _path = Path.Combine(folder, FileName);

    public bool IsThere => File.Exists(_path);

    /// <summary>Marks the folder; false when it can't be written.</summary>
    public bool TryPlace()
    {
        try
        {
            File.WriteAllText(_path, "This marks a content folder of SCDN: while it is missing, nothing is withdrawn.\n");
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
