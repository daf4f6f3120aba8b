using Microsoft.Win32.SafeHandles;

namespace Scdn.Host.Parts;

/// <summary>
/// Keeps files open between answers, at most <paramref name="capacity"/> that nobody reads just now. A file that is forgotten while it is being read
/// is closed when the last reader is done.
/// </summary>
internal sealed class FileHandleCache(int capacity) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _idle = [];

    /// <summary>The file, open for reading until the lease is disposed; null when it isn't there.</summary>
    public Lease? TryRent(string path)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(path, out var entry))
            {
                if (TryOpen(path) is not { } handle) return null;
                entry = new(path, handle);
                _entries.Add(path, entry);
            }
            else if (entry.Place is { } place)
            {
                _idle.Remove(place);
                entry.Place = null;
            }

            entry.Readers++;
            return new(this, entry);
        }
    }

    /// <summary>Closes the file now, or when its last reader is done.</summary>
    public void Forget(string path)
    {
        lock (_lock)
        {
            if (!_entries.Remove(path, out var entry)) return;
            entry.Forgotten = true;
            if (entry.Place is { } place) _idle.Remove(place);
            if (entry.Readers == 0) entry.Handle.Dispose();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var path in _entries.Keys.ToArray()) Forget(path);
        }
    }

    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return File.OpenHandle(path, options: FileOptions.RandomAccess);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void Return(Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Readers > 0) return;
            if (entry.Forgotten)
            {
                entry.Handle.Dispose();
                return;
            }

            entry.Place = _idle.AddLast(entry);
            if (_idle.Count <= capacity) return;
            Forget(_idle.First!.Value.Path);
        }
    }

    /// <summary>The right to read an open file.</summary>
    public sealed class Lease : IDisposable
    {
        private readonly FileHandleCache _cache;
        private readonly Entry _entry;

        internal Lease(FileHandleCache cache, Entry entry) => (_cache, _entry) = (cache, entry);

        public SafeFileHandle Handle => _entry.Handle;

        public void Dispose() => _cache.Return(_entry);
    }

    internal sealed class Entry(string path, SafeFileHandle handle)
    {
        public string Path { get; } = path;

        public SafeFileHandle Handle { get; } = handle;

        public int Readers { get; set; }

        public bool Forgotten { get; set; }

        public LinkedListNode<Entry>? Place { get; set; }
    }
}
