using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>
/// Where a merged file grows: a hidden folder beside its place, so on the same file system. What an interrupted merge wrote stays there, and the next merge of the same
/// header into the same folder goes on with it.
/// </summary>
internal sealed class UnfinishedMerge : IAsyncDisposable
{
    private const string Prefix = ".scdn-merge-";

    private readonly ScratchFolder _scratch;
    private readonly MergeJournal _journal;
    private bool _moved;

    private UnfinishedMerge(ScratchFolder scratch, SafeFileHandle output, MergeJournal journal) => (_scratch, Output, _journal) = (scratch, output, journal);

    /// <summary>The file that grows.</summary>
    public SafeFileHandle Output { get; }

    /// <summary>Bytes that are kept of earlier runs. Whether they are right, the hash of the whole will show.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>Whether the file is still here, and not at its place.</summary>
    public bool IsThere => File.Exists(OutputIn(_scratch.Path));

    /// <summary>Goes on with what is there, or begins.</summary>
    public static async Task<UnfinishedMerge> OpenAsync(string folder, Header header, Manifest manifest)
    {
        var scratch = ScratchFolder.Open(folder, Prefix, path => MergeJournal.IsOf(JournalIn(path), header) && File.Exists(OutputIn(path)));
        // What is there already must outlive a disk that fails now.
        if (File.Exists(OutputIn(scratch.Path))) scratch.Keep();
        SafeFileHandle? output = null;
        try
        {
            output = OpenOutput(OutputIn(scratch.Path), manifest.Length);
            var batches = manifest.Parts.SelectMany(Batch.Of).ToList();
            var unfinished = new UnfinishedMerge(scratch, output, new(JournalIn(scratch.Path), header, batches.Count, output));
            await unfinished.TakeKeptAsync(manifest, batches);
            return unfinished;
        }
        catch
        {
            output?.Dispose();
            scratch.Dispose();
            throw;
        }
    }

    /// <summary>Where something is kept that the next merge of this header will go on with; null when nothing is.</summary>
    public static string? Find(string folder, Header header) =>
        Directory.EnumerateDirectories(folder, $"{Prefix}*").FirstOrDefault(path => MergeJournal.IsOf(JournalIn(path), header));

    /// <summary>Whether an earlier run wrote a batch.</summary>
    public bool Has(int batch) => _journal.Has(batch);

    /// <summary>A batch is written.</summary>
    public Task WrittenAsync(int batch) => _journal.AddAsync(batch);

    /// <summary>Nothing that is there counts any more.</summary>
    public async Task ForgetAsync()
    {
        await _journal.ClearAsync();
        KeptBytes = 0;
    }

    /// <summary>Gives the finished file its name; never overwrites.</summary>
    /// <exception cref="IOException">The name is taken, or the disk failed.</exception>
    public async Task MoveToAsync(string target)
    {
        RandomAccess.FlushToDisk(Output);
        await _journal.NoteAllAsync();
        Output.Dispose();
        DurableFolder.MoveIn(OutputIn(_scratch.Path), target);
        _moved = true;
    }

    /// <summary>Removes everything, unless there is something to go on with.</summary>
    public async ValueTask DisposeAsync()
    {
        _scratch.Keep(!_moved && await HasSomethingAsync());
        _journal.Dispose();
        Output.Dispose();
        _scratch.Dispose();
    }

    private static string OutputIn(string folder) => Path.Combine(folder, "original");

    private static string JournalIn(string folder) => Path.Combine(folder, "journal");

    private static SafeFileHandle OpenOutput(string path, long length) =>
        File.Exists(path)
            ? File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)
            : File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, preallocationSize: length);

    private async Task<bool> HasSomethingAsync()
    {
        try
        {
            if (!Output.IsClosed) await _journal.NoteAllAsync();
        }
        catch (IOException)
        {
            // Then what was noted before is all there is: why it failed was told already.
        }

        return !_journal.IsEmpty;
    }

    private async Task TakeKeptAsync(Manifest manifest, List<Batch> batches)
    {
        long end = 0;
        for (var number = 0; number < batches.Count; number++)
        {
            if (!_journal.Has(number)) continue;
            KeptBytes += batches[number].Plain.Length;
            end = Math.Max(end, batches[number].Extents.Max(extent => extent.End));
        }

        // A file that somebody cut off holds less than is noted, one that was added to more than belongs in it.
        var length = RandomAccess.GetLength(Output);
        if (length < end) await ForgetAsync();
        if (length > manifest.Length) RandomAccess.SetLength(Output, manifest.Length);
    }
}
