using Scdn.Format;

namespace Scdn.Cli.Publishers;

/// <summary>Lets one program at a time change keys and the trust list. Whoever only reads them needs no lock: each file is replaced whole.</summary>
internal static class PublisherLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for its turn, which is short.</summary>
    /// <exception cref="CliException">Another program does not let go of it.</exception>
    public static async Task<FileLock> TakeAsync(CancellationToken stop)
    {
        var path = Path.Combine(UserFolders.Config, "publishers.lock");
        for (var since = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Pause, stop))
        {
            if (FileLock.TryTake(path) is { } taken) return taken;
            if (TimeProvider.System.GetElapsedTime(since) > Patience)
                throw new CliException($"Another scdn holds {path} while it changes your keys or the trust list: let it finish, then try again.");
        }
    }
}
