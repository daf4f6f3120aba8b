using System.Collections.Concurrent;
using Scdn.Format;
using Scdn.Grains.FolderFiles;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting;

namespace Scdn.Host.Roles.Admin.Folder;

/// <summary>What is known of this host's folder's files; each change is on disk before it counts.</summary>
internal sealed class FolderRecords(IGrainStore store, Origin origin, HostSettings settings, TimeProvider time)
{
    // Files that were noted when there was one folder only keep the id that they have.
    private readonly ConcurrentDictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FolderFileState> _files = new(StringComparer.Ordinal);

    /// <summary>Files that were there when last looked.</summary>
    public IReadOnlyList<KeyValuePair<string, FolderFileState>> Present => [.. _files.Where(file => file.Value.Gone is null)];

    public async Task LoadAsync(CancellationToken cancel)
    {
        await foreach (var file in store.ListAllAsync<FolderFileState>(cancel))
        {
            if (FolderFileState.PathOf(file.Id, settings.Name, out var isOfOneFolder) is not { } path) continue;
            // The one folder was that of the host which has the content.
            if (isOfOneFolder && (file.State.Content is not { } content || !origin.Store.TryGetContent(content, out _))) continue;
            (_files[path], _ids[path]) = (file.State, file.Id);
        }
    }

    public FolderFileState? Find(string path) => _files.GetValueOrDefault(path);

    public Task BeginAsync(string path, FileStamp stamp, Header header, CancellationToken cancel) =>
        ChangeAsync(path, state => FolderFileGrain.Begin(state, stamp.Length, stamp.Modified, header.Content, header.Version), cancel);

    public Task TakeInAsync(string path, FileStamp stamp, ContentId content, CancellationToken cancel) =>
        ChangeAsync(path, state => FolderFileGrain.TakeIn(state, stamp.Length, stamp.Modified, content), cancel);

    public Task RefuseAsync(string path, FileStamp stamp, string reason, CancellationToken cancel) =>
        ChangeAsync(path, state => FolderFileGrain.Refuse(state, stamp.Length, stamp.Modified, reason), cancel);

    public Task LoseAsync(string path, CancellationToken cancel) => ChangeAsync(path, state => FolderFileGrain.Lose(state, time.GetUtcNow()), cancel);

    public Task FindAgainAsync(string path, CancellationToken cancel) => ChangeAsync(path, FolderFileGrain.Find, cancel);

    private async Task ChangeAsync(string path, Func<FolderFileState?, Change<FolderFileState>> rule, CancellationToken cancel)
    {
        var changed = await store.ChangeAsync(_ids.GetOrAdd(path, FolderFileState.IdOf(settings.Name, path)), rule, cancel);
        _files[path] = changed.IsGranted(out var stored, out var refusal) ? stored.State : throw new IOException(refusal.Detail);
    }
}
