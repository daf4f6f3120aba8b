namespace Scdn.Format;

/// <summary>
/// A folder for what is not finished, removed when it is disposed of. A lock file beside it is held open as long as the process lives; a folder whose lock
/// nobody holds was left by a process that was killed, and the next one removes it.
/// </summary>
public sealed class ScratchFolder : IDisposable
{
    private const string LockExtension = ".lock";
    private const int MostTries = 3;

    private readonly string _lockPath;
    private readonly FileStream _lock;

    private ScratchFolder(string path, string lockPath, FileStream held) => (Path, _lockPath, _lock) = (path, lockPath, held);

    /// <summary>The folder, which no other user may enter.</summary>
    public string Path { get; }

    /// <summary>Makes a folder under <paramref name="root"/>, which must be there, after removing what killed processes left there.</summary>
    /// <param name="root">Where.</param>
    /// <param name="prefix">What its name begins with: leftovers of that kind are removed, and no others.</param>
    /// <exception cref="IOException">The folder can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The root may not be written to.</exception>
    public static ScratchFolder Create(string root, string prefix)
    {
        RemoveLeftovers(root, prefix);
        for (var tries = MostTries; ; tries--)
        {
            var path = System.IO.Path.Combine(root, $"{prefix}{Guid.NewGuid():N}");
            try
            {
                // The lock comes first: a folder without one is a leftover to anybody who looks.
                var held = new FileStream(path + LockExtension, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
                CreatePrivate(path);
                return new(path, path + LockExtension, held);
            }
            catch (IOException) when (tries > 1 && Directory.Exists(root))
            {
                // Somebody who was looking for leftovers had the new lock in their hand.
            }
        }
    }

    /// <summary>Makes a folder that no other user may enter, unless it is there.</summary>
    public static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Removes the folder with all that is in it.</summary>
    public void Dispose()
    {
        Remove(Path);
        _lock.Dispose();
        File.Delete(_lockPath);
    }

    private static void RemoveLeftovers(string root, string prefix)
    {
        foreach (var lockPath in Directory.EnumerateFiles(root, $"{prefix}*{LockExtension}"))
        {
            if (TryLock(lockPath) is not { } held) continue;
            using (held)
            {
                Remove(lockPath[..^LockExtension.Length]);
                File.Delete(lockPath);
            }
        }
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }
}
