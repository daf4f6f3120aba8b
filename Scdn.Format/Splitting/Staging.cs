namespace Scdn.Format;

/// <summary>
/// Where a split content grows: a hidden folder inside the output folder, so on the same file system. Nothing appears beside it until all is whole and
/// on disk; what a split that was killed left there goes at the next; whatever was written is removed unless <see cref="Commit"/> gave the header its name.
/// </summary>
internal sealed class Staging : IDisposable
{
    private readonly string _output;
    private readonly ScratchFolder _scratch;
    private readonly bool _madeOutput;
    private readonly List<string> _moved = [];
    private bool _committed;

    public Staging(string output)
    {
        _output = output;
        _madeOutput = !Directory.Exists(output);
        Directory.CreateDirectory(output);
        _scratch = ScratchFolder.Create(output, ".scdn-split-");
    }

    public string FileOf(PartId part) => Path.Combine(_scratch.Path, part.ToString());

    /// <summary>Gives the flushed parts their names, then the header its own: whoever sees the header finds every part.</summary>
    /// <exception cref="SplitException">The header was put there by somebody else meanwhile.</exception>
    public void Commit(IEnumerable<PartId> parts, ReadOnlySpan<byte> header, string headerPath)
    {
        var staged = Path.Combine(_scratch.Path, Path.GetFileName(headerPath));
        using (var stream = new FileStream(staged, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            stream.Write(header);
            stream.Flush(flushToDisk: true);
        }

        foreach (var part in parts)
        {
            var place = Path.Combine(_output, part.ToString());
            File.Move(FileOf(part), place, overwrite: false);
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
        DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(headerPath))!);
    }

    public void Dispose()
    {
        if (!_committed) _moved.ForEach(File.Delete);
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
}
