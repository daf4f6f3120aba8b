namespace Scdn.Format;

/// <summary>
/// A folder for what is not finished, removed when it is disposed of unless it is kept. A lock file beside it is held open as long as the process lives; a folder
/// whose lock nobody holds is a leftover: the next process removes it, or goes on with it.
/// </summary>
public sealed class ScratchFolder : IDisposable
{
    private const string LockExtension = ".lock";
    private const int MostTries = 3;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>How long a leftover waits for whoever goes on with it: 7 days after it was last written to.</summary>
    public static readonly TimeSpan LeftoverLifetime = TimeSpan.FromDays(7);

    // Whoever looks at a leftover holds its lock, and another would take it for somebody's and begin anew.
    private static readonly Lock Looking = new();

    private readonly string _lockPath;
    private readonly FileStream _lock;
    private bool _kept;

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
        Adopt(root, prefix, wanted: null);
        return Make(root, prefix);
    }

    /// <summary>
    /// Goes on with a leftover under <paramref name="root"/>, which must be there; makes a folder when there is none that is wanted. Other leftovers of that kind stay until
    /// they are <see cref="LeftoverLifetime"/> old.
    /// </summary>
    /// <param name="root">Where.</param>
    /// <param name="prefix">What its name begins with: leftovers of that kind are looked at, and no others.</param>
    /// <param name="wanted">Whether to go on with the folder at a path, which nobody else has then. It belongs to this user, who may have changed what is in it.</param>
    /// <exception cref="IOException">The folder can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The root may not be written to.</exception>
    public static ScratchFolder Open(string root, string prefix, Func<string, bool> wanted) => Adopt(root, prefix, wanted) ?? Make(root, prefix);

    /// <summary>Makes a folder that no other user may enter, unless it is there.</summary>
    public static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly);
    }

    /// <summary>Whether disposing leaves the folder for the next who opens it; false unless it is said.</summary>
    public void Keep(bool keep = true) => _kept = keep;

    /// <summary>Lets the folder go; removes it with all that is in it, unless it is kept.</summary>
    public void Dispose()
    {
        if (!_kept) Remove(Path);
        _lock.Dispose();
        if (!_kept) File.Delete(_lockPath);
    }

    private static ScratchFolder Make(string root, string prefix)
    {
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

    /// <summary>Looks through the leftovers: takes over one that is wanted, and removes those that nobody will want; without <paramref name="wanted"/>, all.</summary>
    private static ScratchFolder? Adopt(string root, string prefix, Func<string, bool>? wanted)
    {
        using var looking = Looking.EnterScope();
        ScratchFolder? adopted = null;
        foreach (var lockPath in Directory.EnumerateFiles(root, $"{prefix}*{LockExtension}"))
        {
            if (TryLock(lockPath) is not { } held) continue;
            var path = lockPath[..^LockExtension.Length];
            if (wanted is not null && adopted is null && IsOwn(path) && wanted(path))
            {
                adopted = new(path, lockPath, held);
                continue;
            }

            using (held)
            {
                if (wanted is not null && Directory.Exists(path) && DateTime.UtcNow - LastWritten(path) < LeftoverLifetime) continue;
                Remove(path);
                File.Delete(lockPath);
            }
        }

        return adopted;
    }

    /// <summary>
    /// Whether a folder is this user's, and no other may enter it from now on. Only its owner can set a mode: what somebody else put there, or a link to elsewhere, must not be written into.
    /// </summary>
    public static bool IsOwn(string path)
    {
        if (!Directory.Exists(path) || new DirectoryInfo(path).LinkTarget is not null) return false;
        if (OperatingSystem.IsWindows()) return true;
        try
        {
            File.SetUnixFileMode(path, OwnerOnly);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static DateTime LastWritten(string path) =>
        new DirectoryInfo(path).EnumerateFiles().Select(file => file.LastWriteTimeUtc).Append(Directory.GetLastWriteTimeUtc(path)).Max();

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
