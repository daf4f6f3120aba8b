using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Scdn.Format;

namespace Scdn.Host.Parts;

/// <summary>
/// The contents that a host serves, on disk and in memory. A content comes into service whole, by the rename of its folder, and goes out of service the
/// same way; answers that are under way keep their open files. Of each content the newest version is served, and the parts of the versions before it
/// for as long as somebody may be playing them.
/// </summary>
internal sealed class PartStore : IDisposable
{
    /// <summary>With less of its disk free, what was superseded is not kept for anybody.</summary>
    private const double MinFree = 0.02;

    private static readonly TimeSpan IncomingLifetime = TimeSpan.FromDays(1);

    private readonly PartStoreLayout _layout;
    private readonly TimeSpan _keepSuperseded;
    private readonly ConcurrentDictionary<ContentId, ServedContent> _contents = new();
    private readonly ConcurrentDictionary<PartId, ServedPart> _parts = new();
    private readonly List<Superseded> _superseded = [];
    private readonly Lock _changing = new();

    private PartStore(PartStoreLayout layout, TimeSpan keepSuperseded) => (_layout, _keepSuperseded) = (layout, keepSuperseded);

    /// <summary>Raised after versions that were superseded went out of service.</summary>
    public event EventHandler? Freed;

    /// <summary>Open files of parts that were asked for lately.</summary>
    public FileHandleCache Handles { get; } = new(capacity: 512);

    /// <summary>All contents in service.</summary>
    public ICollection<ServedContent> Contents => _contents.Values;

    /// <summary>Opens the store, deletes what a crash left behind, and takes into service every content that is there whole.</summary>
    /// <param name="folder">Its folder; made when it isn't there.</param>
    /// <param name="keepSuperseded">How long the parts of a version stay in service once there is a newer one, for those who are playing them.</param>
    /// <param name="now">The age of waiting parts is counted from here.</param>
    /// <param name="log">Told of what cannot be served.</param>
    public static PartStore Open(string folder, TimeSpan keepSuperseded, DateTimeOffset now, ILogger log)
    {
        var layout = new PartStoreLayout(Path.GetFullPath(folder));
        Directory.CreateDirectory(layout.Contents);
        Directory.CreateDirectory(layout.Incoming);
        if (Directory.Exists(layout.Removed)) Directory.Delete(layout.Removed, recursive: true);
        Directory.CreateDirectory(layout.Removed);

        var store = new PartStore(layout, keepSuperseded);
        foreach (var found in PartStoreScan.Find(layout, log).OrderBy(found => found.Version)) store.Serve(found);
        store.Sweep(now);
        return store;
    }

    public bool TryGetContent(ContentId id, [NotNullWhen(true)] out ServedContent? content) => _contents.TryGetValue(id, out content);

    /// <summary>One version of a content: the newest, or one before it whose parts are still in service.</summary>
    public bool TryGetVersion(ContentId id, int version, [NotNullWhen(true)] out ServedContent? content)
    {
        lock (_changing) content = FindVersion(id, version);
        return content is not null;
    }

    /// <summary>The newest version of a content and those before it of which parts are still in service.</summary>
    public IReadOnlyList<ServedContent> AllVersions(ContentId id)
    {
        lock (_changing) return [.. _superseded.Where(before => before.Served.Content == id).Select(before => before.Served), .. _contents.TryGetValue(id, out var newest) ? [newest] : (ServedContent[])[]];
    }

    /// <summary>The versions before the newest of which parts are still in service, the oldest first.</summary>
    public IReadOnlyList<int> VersionsBefore(ContentId id)
    {
        lock (_changing) return [.. _superseded.Where(before => before.Served.Content == id).Select(before => before.Served.Version).Order()];
    }

    public bool TryGetPart(PartId id, [NotNullWhen(true)] out ServedPart? part) => _parts.TryGetValue(id, out part);

    /// <summary>The place where a content's parts are gathered until they are all there.</summary>
    public IncomingContent Receive(ContentId content) => new(this, _layout.IncomingFolder(content), content);

    /// <summary>Contents of which parts wait for the rest.</summary>
    public IEnumerable<ContentId> ListIncoming() =>
        from path in Directory.EnumerateDirectories(_layout.Incoming)
        let id = ContentId.TryParse(Path.GetFileName(path), out var parsed) ? parsed : (ContentId?)null
        where id is not null
        select id.Value;

    /// <summary>Takes a content out of service and deletes it. Answers under way finish. False when it wasn't there.</summary>
    public bool Remove(ContentId content)
    {
        lock (_changing)
        {
            if (!_contents.TryRemove(content, out var served)) return false;
            WithdrawSuperseded(before => before.Served.Content == content);
            Withdraw(served);
            return true;
        }
    }

    /// <summary>Takes the versions above one out of service and deletes them; the newest of the others is served again. False when there are none above.</summary>
    public bool RemoveAbove(ContentId content, int version)
    {
        lock (_changing)
        {
            if (!_contents.TryGetValue(content, out var newest) || newest.Version <= version) return false;
            WithdrawSuperseded(before => before.Served.Content == content && before.Served.Version > version);
            WithdrawNewest(newest);
            return true;
        }
    }

    /// <summary>Deletes what nobody waits for any more: parts whose content never became whole, and versions that were superseded long ago.</summary>
    public void Sweep(DateTimeOffset now)
    {
        if (!FreeSuperseded(before => now - before.Since > _keepSuperseded) && IsCramped()) FreeSuperseded();
        foreach (var folder in new DirectoryInfo(_layout.Incoming).EnumerateDirectories())
        {
            if (now.UtcDateTime - LastWrite(folder) > IncomingLifetime) folder.Delete(recursive: true);
        }
    }

    /// <summary>Deletes all versions that were superseded, whoever may be playing them: new ones need the room. False when there are none.</summary>
    public bool FreeSuperseded() => FreeSuperseded(_ => true);

    public void Dispose() => Handles.Dispose();

    /// <summary>Takes a folder with a header and all its parts into service in place of the version before.</summary>
    internal ServedContent TakeOver(Header header, string folder)
    {
        lock (_changing)
        {
            var target = _layout.VersionFolder(header.Content, header.Version);
            if (FindVersion(header.Content, header.Version) is { } before)
            {
                if (before.Header.Hash.AsSpan().SequenceEqual(header.Hash.AsSpan()))
                {
                    MoveAside(folder);
                    return before;
                }

                // It was never published: a version has one header. The publication that it was taken into service for was cut short, and this is its repetition.
                WithdrawVersion(before);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (Directory.Exists(target)) MoveAside(target);
            Directory.Move(folder, target);
            DurableFolder.Flush(Path.GetDirectoryName(target)!);
            DurableFolder.Flush(_layout.Contents);
            var served = new ServedContent(header, target);
            Serve(served);
            return served;
        }
    }

    private void Serve(ServedContent content)
    {
        _contents.TryGetValue(content.Content, out var before);
        if (before is not null && before.Version > content.Version)
        {
            Withdraw(content);
            return;
        }

        Show(content);
        // The header is written just before its version goes into service, so that its time says since when the version before is superseded, also after a restart.
        if (before is not null) _superseded.Add(new(before, new DateTimeOffset(File.GetLastWriteTimeUtc(content.HeaderFile.Path), TimeSpan.Zero)));
    }

    private void Show(ServedContent content)
    {
        foreach (var part in content.Header.Parts) _parts[part.Id] = new(content, part);
        _contents[content.Content] = content;
    }

    private ServedContent? FindVersion(ContentId content, int version) =>
        _contents.TryGetValue(content, out var newest) && newest.Version == version
            ? newest
            : _superseded.Find(before => before.Served.Content == content && before.Served.Version == version)?.Served;

    private void WithdrawVersion(ServedContent content)
    {
        if (_contents.TryGetValue(content.Content, out var newest) && newest == content) WithdrawNewest(content);
        else WithdrawSuperseded(before => before.Served == content);
    }

    /// <summary>The version before it, where there is one, is served again first, so that the content is never missed.</summary>
    private void WithdrawNewest(ServedContent newest)
    {
        if (_superseded.FindAll(before => before.Served.Content == newest.Content).MaxBy(before => before.Served.Version) is { } last)
        {
            _superseded.Remove(last);
            Show(last.Served);
        }
        else
        {
            _contents.TryRemove(newest.Content, out _);
        }

        Withdraw(newest);
    }

    private bool FreeSuperseded(Predicate<Superseded> which)
    {
        lock (_changing)
        {
            if (!_superseded.Exists(which)) return false;
            WithdrawSuperseded(which);
        }

        Freed?.Invoke(this, EventArgs.Empty);
        return true;
    }

    private bool IsCramped()
    {
        var drive = new DriveInfo(_layout.Contents);
        return drive.AvailableFreeSpace < drive.TotalSize * MinFree;
    }

    private void WithdrawSuperseded(Predicate<Superseded> which)
    {
        foreach (var before in _superseded.FindAll(which))
        {
            Withdraw(before.Served);
            _superseded.Remove(before);
        }
    }

    private void Withdraw(ServedContent content)
    {
        foreach (var part in content.Header.Parts)
        {
            // A newer version may have the same part: then the entry is that version's and stays.
            if (_parts.TryGetValue(part.Id, out var served) && served.Content == content) _parts.TryRemove(new(part.Id, served));
        }

        // After the move nobody opens these paths any more, so what is forgotten now stays closed.
        MoveAside(content.Folder);
        foreach (var part in content.Header.Parts) Handles.Forget(Path.Combine(content.Folder, part.Id.ToString()));
        Handles.Forget(content.HeaderFile.Path);
        var parent = Path.GetDirectoryName(content.Folder)!;
        if (!Directory.EnumerateFileSystemEntries(parent).Any()) Directory.Delete(parent);
    }

    /// <summary>Out of sight at once and for ever, by one rename; the deleting may be cut short and is then finished at the next start.</summary>
    private void MoveAside(string folder)
    {
        var aside = Path.Combine(_layout.Removed, Guid.NewGuid().ToString());
        Directory.Move(folder, aside);
        DurableFolder.Flush(Path.GetDirectoryName(folder)!);
        Directory.Delete(aside, recursive: true);
    }

    /// <summary>When something was last written there: a folder's own time does not tell of a file that grows.</summary>
    private static DateTime LastWrite(DirectoryInfo folder) =>
        folder.EnumerateFiles().Select(file => file.LastWriteTimeUtc).Append(folder.LastWriteTimeUtc).Max();

    /// <summary>A version of which only parts are served.</summary>
    private sealed record Superseded(ServedContent Served, DateTimeOffset Since);
}
