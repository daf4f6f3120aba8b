using Microsoft.Win32.SafeHandles;
using Scdn.Format;

namespace Scdn.Host.Parts;

/// <summary>
/// A content on its way into a part store: parts are gathered in a folder that nobody is served from, and put into service together once all are whole.
/// It survives a restart, so that an upload or a copy goes on where it stopped.
/// </summary>
internal sealed class IncomingContent(PartStore store, string folder, ContentId content)
{
    private const int BufferSize = 256 * 1024;

    /// <summary>Where the parts wait, each under its UUID. A splitter may write here directly; whatever is no part of the header is dropped.</summary>
    public string Folder { get; } = folder;

    public ContentId Content { get; } = content;

    public string PartPath(PartId part) => Path.Combine(Folder, part.ToString());

    /// <summary>The part's file while it is being written; kept when that stops half-way.</summary>
    public string PartialPath(PartId part) => PartPath(part) + PartStoreLayout.PartialSuffix;

    public bool Has(PartId part) => File.Exists(PartPath(part));

    /// <summary>Writes a whole part from a stream of exactly that length. Nothing is visible under the part's name before all of it is on disk.</summary>
    /// <returns>False when the stream ended early or goes on.</returns>
    public async Task<bool> TryWriteAsync(PartId part, Stream source, long length, CancellationToken cancel)
    {
        Directory.CreateDirectory(Folder);
        // A name of its own: two uploads of one part at the same time do not write into one another.
        var temporary = $"{PartPath(part)}.{Guid.NewGuid():N}{PartStoreLayout.PartialSuffix}";
        try
        {
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous, length))
            {
                if (!await CopyAsync(source, file, length, cancel)) return false;
                RandomAccess.FlushToDisk(file);
            }

            File.Move(temporary, PartPath(part), overwrite: true);
            DurableFolder.Flush(Folder);
            return true;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>A partial part whose bytes are all there becomes a part.</summary>
    public void CompletePartial(PartId part)
    {
        File.Move(PartialPath(part), PartPath(part), overwrite: true);
        DurableFolder.Flush(Folder);
    }

    /// <summary>Reads every part and names those that are missing or not intact (those are deleted, so that they can be sent again).</summary>
    public async Task<IReadOnlyList<PartId>> FindMissingAsync(Header header, CancellationToken cancel)
    {
        List<PartId> missing = [];
        foreach (var part in header.Parts)
        {
            if (await IsIntactAsync(part, cancel)) continue;
            missing.Add(part.Id);
            if (Directory.Exists(Folder)) File.Delete(PartPath(part.Id));
        }

        return missing;
    }

    /// <summary>Whether a part is here and every segment of it is what the header says.</summary>
    public async Task<bool> IsIntactAsync(PublicPart part, CancellationToken cancel)
    {
        if (!Has(part.Id)) return false;
        using var file = File.OpenHandle(PartPath(part.Id), options: FileOptions.SequentialScan);
        return await PartFile.VerifyAsync(part, file, cancel) is null;
    }

    /// <summary>Puts the content into service. All parts must be whole; the header is written last, then one rename makes everything visible.</summary>
    public ServedContent TakeIntoService(Header header)
    {
        if (header.Content != Content) throw new ArgumentException("The header is another content's.", nameof(header));
        Directory.CreateDirectory(Folder);
        foreach (var path in Directory.EnumerateFileSystemEntries(Folder))
        {
            if (PartId.TryParse(Path.GetFileName(path), out var id) && header.TryGetPart(id, out _)) continue;
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
        }

        Durable.WriteFile(Path.Combine(Folder, PartStoreLayout.HeaderName), header.File.Span);
        return store.TakeOver(header, Folder);
    }

    /// <summary>Gives up what was gathered.</summary>
    public void Discard()
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    private static async Task<bool> CopyAsync(Stream source, SafeFileHandle file, long length, CancellationToken cancel)
    {
        var buffer = new byte[BufferSize];
        long written = 0;
        while (true)
        {
            var read = await source.ReadAsync(buffer, cancel);
            if (read == 0) return written == length;
            if (written + read > length) return false;
            await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), written, cancel);
            written += read;
        }
    }
}
