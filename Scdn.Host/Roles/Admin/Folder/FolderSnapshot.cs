using Scdn.Format;

namespace Scdn.Host.Roles.Admin.Folder;

/// <summary>The content folder at one moment: its files and links by their path within it. Hidden and temporary files are not there.</summary>
internal sealed class FolderSnapshot
{
    private static readonly string[] TemporarySuffixes = ["~", ".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".swp"];

    private readonly List<string> _unreadable = [];

    private FolderSnapshot()
    {
    }

    /// <summary>Regular files.</summary>
    public Dictionary<string, FileStamp> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Symbolic links: named, never followed.</summary>
    public HashSet<string> Links { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the folder with all its subfolders; null when it can't be read at all.</summary>
    public static FolderSnapshot? Read(string folder)
    {
        var snapshot = new FolderSnapshot();
        return snapshot.TryRead(new DirectoryInfo(folder), "") ? snapshot : null;
    }

    /// <summary>Whether a file that is not in this snapshot is gone: not when the subfolder that it was in could not be read.</summary>
    public bool IsGone(string path) =>
        !Files.ContainsKey(path) && !_unreadable.Exists(folder => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    /// <summary>A header file of a set that was split elsewhere.</summary>
    public static bool IsHeader(string path) => path.EndsWith(Header.Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>A part or a key file: belongs to a header file.</summary>
    public static bool BelongsToHeader(string path) => PartId.TryParse(Path.GetFileName(path), out _) || path.EndsWith(".key", StringComparison.OrdinalIgnoreCase);

    private static bool IsPassedOver(string name) =>
        name.StartsWith('.') || Array.Exists(TemporarySuffixes, suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    private bool TryRead(DirectoryInfo folder, string prefix)
    {
        try
        {
            foreach (var entry in folder.EnumerateFileSystemInfos())
            {
                if (IsPassedOver(entry.Name)) continue;
                var path = Path.Combine(prefix, entry.Name);
                if (entry.LinkTarget is not null) Links.Add(path);
                else if (entry is FileInfo file) TryAdd(file, path);
                else if (entry is DirectoryInfo inner && !TryRead(inner, path)) _unreadable.Add(path);
            }

            return true;
        }
        catch (DirectoryNotFoundException) when (prefix.Length > 0)
        {
            // Removed while it was read: what was in it is gone.
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void TryAdd(FileInfo file, string path)
    {
        try
        {
            Files[path] = FileStamp.Of(file);
        }
        catch (FileNotFoundException)
        {
            // It went away meanwhile.
        }
    }
}
