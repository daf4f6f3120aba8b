using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Scdn.Host.Roles.Admin.Folder;

/// <summary>Tells the folder's loop that something may have changed there, and which files got their name by a rename and are therefore complete.</summary>
internal sealed class FolderWake(string folder) : IDisposable
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, bool> _renamed = new(StringComparer.Ordinal);
    private FileSystemWatcher? _watcher;

    /// <summary>Watches, if it can: a folder that is not there is looked for from time to time instead.</summary>
    public bool TryWatch()
    {
        if (_watcher is not null) return true;
        try
        {
            var watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Created += (_, _) => Ring();
            watcher.Changed += (_, _) => Ring();
            watcher.Deleted += (_, _) => Ring();
            watcher.Renamed += (_, renamed) =>
            {
                _renamed[Path.GetRelativePath(folder, renamed.FullPath)] = true;
                Ring();
            };
            watcher.Error += (_, _) =>
            {
                StopWatching();
                Ring();
            };
            watcher.EnableRaisingEvents = true;
            _watcher = watcher;
            return true;
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Gives up the watch: the folder it was on is no longer there.</summary>
    public void StopWatching() => Interlocked.Exchange(ref _watcher, null)?.Dispose();

    public void Ring() => _signal.Writer.TryWrite(true);

    /// <summary>Whether the file got its name by a rename since this was asked last.</summary>
    public bool TakeRenamed(string path) => _renamed.TryRemove(path, out _);

    /// <summary>Waits until something may have changed, but no longer than that.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await _signal.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Time to look again.
        }
    }

    public void Dispose() => StopWatching();
}
