namespace Scdn.Format;

/// <summary>
/// Merges parts back into the original. Every segment is checked, and the whole once more; the output appears under its name only when it is right. What a merge wrote that was
/// interrupted stays in a hidden folder beside the output for <see cref="ScratchFolder.LeftoverLifetime"/>, and the next merge of the same header into that folder goes on with it.
/// </summary>
public static class Merger
{
    /// <summary>Restores the original.</summary>
    /// <param name="header">The header.</param>
    /// <param name="key">The content key; null when nothing is protected.</param>
    /// <param name="parts">Where stored parts come from.</param>
    /// <param name="outPath">The new file; never overwritten.</param>
    /// <param name="progress">Told after every mebibyte; null when nobody asks.</param>
    /// <param name="cancellationToken">Stops, and keeps what was written.</param>
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
        await using var unfinished = await UnfinishedMerge.OpenAsync(Path.GetDirectoryName(target)!, header, manifest);
        while (!await IsRestoredAsync())
        {
            var wasKept = unfinished.KeptBytes > 0;
            await unfinished.ForgetAsync();
            // What was kept may have been changed by somebody: only what was read in one go tells of the header.
            if (wasKept) continue;
            // Of a segment that a holder of the key sealed anew only its hash tells.
            await CheckAsync(header, key, parts, null, cancellationToken);
            throw MergeException.NotTheOriginal();
        }

        cancellationToken.ThrowIfCancellationRequested();
        await MoveInAsync(unfinished, target);
        return new(target, manifest.Length, manifest.Sha256, unfinished.KeptBytes);

        async Task<bool> IsRestoredAsync() =>
            (await new MergePipeline(header, manifest, key, parts, unfinished, progress).RunAsync(cancellationToken)).AsSpan().SequenceEqual(manifest.Sha256.AsSpan());
    }

    /// <summary>Does all that merging does, but writes nothing: every part is read and checked, and the whole.</summary>
    /// <param name="header">The header.</param>
    /// <param name="key">The content key; null when nothing is protected.</param>
    /// <param name="parts">Where stored parts come from. What is not in its place in the original is read twice.</param>
    /// <param name="progress">Told after every mebibyte; null when nobody asks.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="MergeException">The whole is not the original.</exception>
    /// <exception cref="HeaderException">The key is missing or wrong.</exception>
    /// <exception cref="PartException">A part is missing, short, or damaged.</exception>
    public static async Task CheckAsync(Header header, ContentKey? key, IPartReader parts, IProgress<MergeProgress>? progress, CancellationToken cancellationToken)
    {
        var manifest = header.Open(key);
        var sha256 = await new MergePipeline(header, manifest, key, parts, null, progress).RunAsync(cancellationToken);
        if (!sha256.AsSpan().SequenceEqual(manifest.Sha256.AsSpan())) throw MergeException.NotTheOriginal();
    }

    /// <summary>The folder with what an interrupted merge into <paramref name="outPath"/> left to go on with; null when there is nothing.</summary>
    public static string? FindUnfinished(Header header, string outPath) => UnfinishedMerge.Find(Path.GetDirectoryName(Path.GetFullPath(outPath))!, header);

    private static async Task MoveInAsync(UnfinishedMerge unfinished, string target)
    {
        try
        {
            await unfinished.MoveToAsync(target);
        }
        catch (IOException fault) when (unfinished.IsThere && Path.Exists(target))
        {
            throw Exists(target, fault);
        }
    }

    private static MergeException Exists(string path, Exception? inner) =>
        new(MergeFault.OutputExists, $"The file {path} exists already: remove it, or choose another name.", inner);
}
