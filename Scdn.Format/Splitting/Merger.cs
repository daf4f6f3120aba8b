namespace Scdn.Format;

/// <summary>Merges parts back into the original. Every segment is checked, and the whole once more; the output appears under its name only when it is right.</summary>
public static class Merger
{
    /// <summary>Restores the original.</summary>
    /// <param name="header">The header.</param>
    /// <param name="key">The content key; null when nothing is protected.</param>
    /// <param name="parts">Where stored parts come from.</param>
    /// <param name="outPath">The new file; never overwritten.</param>
    /// <param name="progress">Told after every mebibyte; null when nobody asks.</param>
    /// <param name="cancellationToken">Stops, and removes what was written.</param>
    /// <exception cref="MergeException">The output exists, or the whole is not the original.</exception>
    /// <exception cref="HeaderException">The key is missing or wrong.</exception>
    /// <exception cref="PartException">A part is missing, short, or damaged.</exception>
    /// <exception cref="IOException">The output can't be written.</exception>
    public static async Task<MergeResult> MergeAsync(
        Header header, ContentKey? key, IPartReader parts, string outPath, IProgress<MergeProgress>? progress, CancellationToken cancellationToken)
    {
        var manifest = header.Open(key);
        if (Path.Exists(outPath)) throw Exists(outPath, null);
        var target = Path.GetFullPath(outPath);
        using var scratch = ScratchFolder.Create(Path.GetDirectoryName(target)!, ".scdn-merge-");
        var temporary = Path.Combine(scratch.Path, "original");
        using (var output = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, preallocationSize: manifest.Length))
        {
            var sha256 = await new MergePipeline(header, manifest, key, parts, output, progress).RunAsync(cancellationToken);
            if (!sha256.AsSpan().SequenceEqual(manifest.Sha256.AsSpan()))
                throw new MergeException(MergeFault.NotTheOriginal, "The merged file is not the original, though every part is as published: its publisher made the header wrongly.");
            RandomAccess.FlushToDisk(output);
        }

        cancellationToken.ThrowIfCancellationRequested();
        MoveIn(temporary, target);
        return new(target, manifest.Length, manifest.Sha256);
    }

    private static void MoveIn(string temporary, string target)
    {
        try
        {
            DurableFolder.MoveIn(temporary, target);
        }
        catch (IOException fault) when (File.Exists(temporary) && Path.Exists(target))
        {
            throw Exists(target, fault);
        }
    }

    private static MergeException Exists(string path, Exception? inner) =>
        new(MergeFault.OutputExists, $"The file {path} exists already: remove it, or choose another name.", inner);
}
