using Scdn.Format;

namespace Scdn.Client.Storing;

/// <summary>
/// The folder that all players of a user keep parts in. Who uses it holds a lock file beside it together with the others; the system lets go of the lock of a process that was killed. The last one
/// that leaves removes the folder; what nobody removed, the next one finds and goes on with.
/// </summary>
internal sealed class StoreFolder : IDisposable
{
    private const string LockExtension = ".lock";

    /// <summary>To remove a full store takes a second or two.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private readonly FileStream _lock;

    private StoreFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder, which no other user may enter.</summary>
    public string Path { get; }

    /// <summary>Where the store of this user is: the root may be a folder that several users share, with files of theirs in it.</summary>
    public static string PathUnder(string root) => System.IO.Path.Combine(root, $"scdn-store-{Environment.UserName}");

    /// <summary>Enters the store under <paramref name="root"/>, which must be there; waits while the last one that left removes it.</summary>
    /// <exception cref="IOException">It can't be made, or is somebody else's.</exception>
    /// <exception cref="UnauthorizedAccessException">The root may not be written to.</exception>
    public static async Task<StoreFolder> EnterAsync(string root, CancellationToken cancellationToken)
    {
        // By the machine's clock: it is the disk that is waited for.
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if (TryEnter(PathUnder(root)) is { } entered) return entered;
            }
            catch (IOException) when (Directory.Exists(root) && !patience.IsCancellationRequested)
            {
                // Somebody has the lock for himself.
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    /// <summary>Whether it stays when the last one leaves.</summary>
    public bool IsKept { get; set; }

    /// <summary>Leaves it, and removes it when nobody else is in it, unless it is kept.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        if (IsKept) return;
        try
        {
            using var alone = OpenLock(Path, FileMode.Open, FileShare.None);
            Directory.Delete(Path, recursive: true);
            File.Delete(Path + LockExtension);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Others use it, or have just removed it.
        }
    }

    private static StoreFolder? TryEnter(string path)
    {
        var held = OpenLock(path, FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            if (IsStillThere(path, held))
            {
                ScratchFolder.CreatePrivate(path);
                if (!ScratchFolder.IsOwn(path)) throw new UnauthorizedAccessException($"The folder {path} is somebody else's: remove it, or name another place for what is fetched.");
                return new(path, held);
            }
        }
        catch
        {
            held.Dispose();
            throw;
        }

        held.Dispose();
        return null;
    }

    /// <summary>Who removes the store removes its lock file, which may have been open here already: then what is locked is no file's any more.</summary>
    private static bool IsStillThere(string path, FileStream held)
    {
        var mark = Guid.NewGuid().ToByteArray();
        RandomAccess.Write(held.SafeFileHandle, mark, 0);
        var read = new byte[mark.Length];
        using var named = OpenLock(path, FileMode.Open, FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.Read(named.SafeFileHandle, read, 0) == read.Length && read.AsSpan().SequenceEqual(mark);
    }

    private static FileStream OpenLock(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode is FileMode.OpenOrCreate) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path + LockExtension, options);
    }
}
