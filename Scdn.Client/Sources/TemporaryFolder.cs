namespace Scdn.Client.Sources;

/// <summary>
/// A folder of one playing's files, removed when it ends. A lock file beside it is held open as long as the process lives; a folder whose lock
/// nobody holds was left by a process that was killed, and the next one removes it.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const string LockExtension = ".lock";
    private readonly string _lockPath;
    private readonly FileStream _lock;

    private TemporaryFolder(string path, string lockPath, FileStream held) => (Path, _lockPath, _lock) = (path, lockPath, held);

    public string Path { get; }

    /// <summary>Where folders are made when nothing else is said: the user's cache, which no other user may enter.</summary>
    public static string DefaultRoot
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(cache))
            {
                var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
                cache = home.Length > 0 ? System.IO.Path.Combine(home, ".cache") : System.IO.Path.GetTempPath();
            }

            return System.IO.Path.Combine(cache, "scdn", "playing");
        }
    }

    /// <summary>Makes a folder under <paramref name="root"/>, after removing what killed processes left there.</summary>
    public static TemporaryFolder Create(string root)
    {
        CreatePrivate(root);
        RemoveLeftovers(root);
        while (true)
        {
            var path = System.IO.Path.Combine(root, Guid.NewGuid().ToString("N"));
            // The lock comes first: a folder without one is a leftover to anybody who looks.
            if (TryLock(path + LockExtension, FileMode.CreateNew) is not { } held) continue;
            CreatePrivate(path);
            return new(path, path + LockExtension, held);
        }
    }

    public void Dispose()
    {
        Remove(Path);
        _lock.Dispose();
        File.Delete(_lockPath);
    }

    private static void RemoveLeftovers(string root)
    {
        foreach (var lockPath in Directory.EnumerateFiles(root, "*" + LockExtension))
        {
            if (TryLock(lockPath, FileMode.Open) is not { } held) continue;
            using (held)
            {
                Remove(lockPath[..^LockExtension.Length]);
                File.Delete(lockPath);
            }
        }
    }

    private static FileStream? TryLock(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
