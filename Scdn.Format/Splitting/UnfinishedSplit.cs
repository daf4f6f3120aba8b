using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Scdn.Format;

/// <summary>
/// Where a split content grows: a hidden folder inside the output folder, so on the same file system. Nothing appears beside it until all is whole and on disk. What a split that was interrupted or
/// killed had finished stays there, with its content key, and the next split of the same file in the same way goes on with it. A part that was not finished is never gone on with: its name and so
/// its key have been used for bytes that may have been seen.
/// </summary>
internal sealed class UnfinishedSplit : IDisposable
{
    private const string Prefix = ".scdn-split-";
    private const string JournalName = "journal";
    private const string KeyName = "key";

    /// <summary>The header while parts are given their names: a leftover with it was killed among these, one without it not yet, or no more.</summary>
    private const string StagedName = "header";

    private readonly string _output;
    private readonly ScratchFolder _scratch;
    private readonly SplitJournal _journal;
    private readonly bool _madeOutput;
    private readonly List<string> _moved = [];
    private bool _committed;
    private bool _ownsKey;

    private UnfinishedSplit(string output, bool madeOutput, ScratchFolder scratch, SplitJournal journal) =>
        (_output, _madeOutput, _scratch, _journal) = (output, madeOutput, scratch, journal);

    /// <summary>The parts, with names: those of before for parts that are whole.</summary>
    public ImmutableArray<ManifestPart> Parts { get; private set; } = [];

    /// <summary>The parts that an earlier run finished.</summary>
    public ImmutableDictionary<PartId, PublicPart> Kept { get; private set; } = ImmutableDictionary<PartId, PublicPart>.Empty;

    /// <summary>The content key; null when nothing is protected.</summary>
    public ContentKey? Key { get; private set; }

    /// <summary>Whether anything is whole.</summary>
    public bool HasSomething { get; private set; }

    /// <summary>Goes on with what is there, or begins.</summary>
    /// <param name="output">Gets header and parts; made when it is not there.</param>
    /// <param name="source">What is split.</param>
    /// <param name="parts">Into what, and which of it is encrypted.</param>
    /// <param name="needsKey">Whether there is a content key.</param>
    /// <param name="key">The content key, when it is not this split's to choose.</param>
    /// <param name="randomness">Names parts, and chooses a key.</param>
    public static UnfinishedSplit Open(string output, IOriginal source, ImmutableArray<(PlannedPart Part, bool Encrypted)> parts, bool needsKey, ContentKey? key, Randomness randomness)
    {
        var identity = Identify(source, parts, needsKey, key);
        var madeOutput = !Directory.Exists(output);
        Directory.CreateDirectory(output);
        var scratch = ScratchFolder.Open(output, Prefix, path => IsWanted(path, identity) || TidyUp(path, output));
        try
        {
            var unfinished = new UnfinishedSplit(output, madeOutput, scratch, new(Path.Combine(scratch.Path, JournalName), identity));
            unfinished.Key = key;
            var sameKey = !needsKey || key is not null || unfinished.TryReadKey();
            if (needsKey && unfinished.Key is null) unfinished.MakeKey(randomness);
            unfinished.Name(parts, sameKey, randomness);
            return unfinished;
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }

    /// <summary>Whether a folder holds what splits that were interrupted have finished.</summary>
    public static bool IsIn(string output) => Directory.Exists(output) && Directory.EnumerateDirectories(output, $"{Prefix}*").Any();

    public string FileOf(PartId part) => Path.Combine(_scratch.Path, part.ToString());

    /// <summary>A part is whole, and on disk.</summary>
    public void Finished(int number, PublicPart part)
    {
        _journal.Add(number, part);
        HasSomething = true;
    }

    /// <summary>What is whole is left for the next run.</summary>
    public void Keep() => _scratch.Keep(HasSomething);

    /// <summary>Gives the flushed parts their names, then the header its own: whoever sees the header finds every part.</summary>
    /// <exception cref="SplitException">The header was put there by somebody else meanwhile.</exception>
    public void Commit(ReadOnlySpan<byte> header, string headerPath)
    {
        var staged = Path.Combine(_scratch.Path, StagedName);
        using (var stream = new FileStream(staged, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            stream.Write(header);
            stream.Flush(flushToDisk: true);
        }

        foreach (var part in Parts)
        {
            var place = Path.Combine(_output, part.Id.ToString());
            File.Move(FileOf(part.Id), place, overwrite: false);
            _moved.Add(place);
        }

        DurableFolder.Flush(_output);
        try
        {
            File.Move(staged, headerPath, overwrite: false);
        }
        catch (IOException fault) when (File.Exists(staged) && File.Exists(headerPath))
        {
            throw new SplitException(SplitFault.OutputExists, $"The header {headerPath} was written by somebody else meanwhile; nothing was changed.", fault);
        }

        // From here on the content can be found, so it must stay, whatever else fails.
        _committed = true;
        _ownsKey = false;
        DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(headerPath))!);
    }

    public void Dispose()
    {
        if (!_committed) _moved.ForEach(File.Delete);
        if (_ownsKey) Key?.Dispose();
        _journal.Dispose();
        try
        {
            _scratch.Dispose();
        }
        catch (IOException) when (_committed)
        {
            // An empty folder that is left is no reason to call a whole content failed.
        }

        if (!_committed && _madeOutput && !Directory.EnumerateFileSystemEntries(_output).Any()) Directory.Delete(_output);
    }

    private static bool IsWanted(string folder, byte[] identity) => SplitJournal.IsOf(Path.Combine(folder, JournalName), identity);

    /// <summary>Nobody went on with what will be removed now: then parts that had their names already go, too. Says that nobody wants it.</summary>
    private static bool TidyUp(string folder, string output)
    {
        var staged = new FileInfo(Path.Combine(folder, StagedName));
        if (!staged.Exists || DateTime.UtcNow - staged.LastWriteTimeUtc < ScratchFolder.LeftoverLifetime) return false;
        foreach (var (_, id, _) in SplitJournal.ReadNotes(Path.Combine(folder, JournalName))) File.Delete(Path.Combine(output, id.ToString()));
        return false;
    }

    /// <summary>Names the file, as it is now, and every part. A key that the caller gives is named too: what was sealed under another is of no use.</summary>
    private static byte[] Identify(IOriginal source, ImmutableArray<(PlannedPart Part, bool Encrypted)> parts, bool needsKey, ContentKey? key)
    {
        var writer = new ByteWriter();
        writer.Bytes("scdn split 1"u8);
        writer.Bytes(source.Identity);
        writer.U8((byte)(needsKey ? 1 : 0));
        Span<byte> commitment = stackalloc byte[KeyDerivation.CommitmentSize];
        if (needsKey && key is not null) KeyDerivation.Commitment(key, [], commitment);
        writer.Bytes(commitment);
        foreach (var (part, encrypted) in parts)
        {
            writer.U8((byte)((part.Kind == PartKind.Head ? 1 : 0) + (encrypted ? 2 : 0)));
            writer.Varint(part.Extents.Length);
            foreach (var extent in part.Extents)
            {
                writer.Varint(extent.Offset);
                writer.Varint(extent.Length);
            }
        }

        return SHA256.HashData(writer.Written);
    }

    private bool TryReadKey()
    {
        try
        {
            var bytes = File.ReadAllBytes(Path.Combine(_scratch.Path, KeyName));
            if (bytes.Length != ContentKey.Size) return false;
            (Key, _ownsKey) = (new(bytes), true);
            CryptographicOperations.ZeroMemory(bytes);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private void MakeKey(Randomness randomness)
    {
        (Key, _ownsKey) = (randomness.NewKey(), true);
        var path = Path.Combine(_scratch.Path, KeyName);
        File.Delete(path);
        PrivateFile.WriteNew(path, Key.Bytes);
    }

    /// <summary>What was killed while it gave parts their names gives them once more, when all is known to be right.</summary>
    private void TakeBack()
    {
        var staged = Path.Combine(_scratch.Path, StagedName);
        if (!File.Exists(staged)) return;
        foreach (var (_, id, _) in _journal.Noted)
        {
            var named = Path.Combine(_output, id.ToString());
            if (File.Exists(named)) File.Move(named, FileOf(id), overwrite: false);
        }

        DurableFolder.Flush(_scratch.Path);
        File.Delete(staged);
    }

    private void Name(ImmutableArray<(PlannedPart Part, bool Encrypted)> parts, bool sameKey, Randomness randomness)
    {
        TakeBack();
        var kept = new Dictionary<int, PublicPart>();
        foreach (var (number, id, root) in sameKey ? _journal.Noted : [])
        {
            if (number < 0 || number >= parts.Length) continue;
            var (part, encrypted) = parts[number];
            var layout = new PartLayout(part.Extents.Sum(extent => extent.Length), encrypted);
            var file = new FileInfo(FileOf(id));
            if (file.Exists && file.LinkTarget is null && file.Length == layout.StoredLength) kept[number] = new(id, layout.StoredLength, encrypted, root);
        }

        Kept = kept.Values.ToImmutableDictionary(part => part.Id);
        HasSomething = kept.Count > 0;
        Parts = [.. parts.Select((planned, number) => new ManifestPart(
            kept.TryGetValue(number, out var whole) ? whole.Id : randomness.NewPart(), planned.Part.Kind, planned.Encrypted, planned.Part.Extents))];
        foreach (var file in new DirectoryInfo(_scratch.Path).EnumerateFiles())
        {
            if (PartId.TryParse(file.Name, out var id) && !Kept.ContainsKey(id)) file.Delete();
        }
    }
}
