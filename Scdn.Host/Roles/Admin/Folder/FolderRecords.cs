using System.Collections.Concurrent;
using Scdn.Format;
using Scdn.Grains.FolderFiles;
using Scdn.Grains.Storage;

namespace Scdn.Host.Roles.Admin.Folder;

/// <summary>What is known of the folder's files; each change is on disk before it counts.</summary>
internal sealed class FolderRecords(IGrainStore store, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, FolderFileState> _files = new(StringComparer.Ordinal);

    /// <summary>Files that were there when last looked.</summary>
    public IReadOnlyList<KeyValuePair<string, FolderFileState>> Present => [.. _files.Where(file => file.Value.Gone is null)];

    public async Task LoadAsync(CancellationToken cancel)
    {
        await foreach (var file in store.ListAllAsync<FolderFileState>(cancel)) _files[file.Id] = file.State;
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
        var changed = await store.ChangeAsync(path, rule, cancel);
        _files[path] = changed.IsGranted(out var stored, out var refusal) ? stored.State : throw new IOException(refusal.Detail);
    }
}
