using Microsoft.Win32.SafeHandles;
using Scdn.Format;

namespace Scdn.Client.Downloads;

/// <summary>The file of a part that is not whole yet: its bytes from the beginning on, as they came, and perhaps what a crash made of them.</summary>
internal sealed class UnfinishedPart : IDisposable
{
    private readonly PartVerifier _verifier;
    private readonly SafeFileHandle _file;

    /// <summary>Opens it, or makes it.</summary>
    public UnfinishedPart(string path, PartVerifier verifier)
    {
        // Before it is opened for writing, so that it is nobody else's to read from the first byte on.
        PrivateFile.Ensure(path);
        (_verifier, _file) = (verifier, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None));
    }

    private PartLayout Layout => _verifier.Layout;

    /// <summary>What is here: up to where segments are as published, and up to where there are bytes of the next one, which nobody could check yet. What follows is cut off.</summary>
    public async Task<(long Checked, long Here)> FindAsync(CancellationToken cancellationToken)
    {
        var length = Math.Min(RandomAccess.GetLength(_file), Layout.BodyLength);
        var buffer = new byte[Layout.StoredSegmentSize];
        for (var segment = 0; segment < Layout.SegmentCount; segment++)
        {
            var stored = Layout.StoredSegment(segment);
            if (stored.End > length) return (stored.Offset, length);
            var bytes = buffer.AsMemory(0, (int)stored.Length);
            if (await TryReadAsync(stored.Offset, bytes, cancellationToken) && _verifier.IsIntact(segment, bytes.Span)) continue;
            RandomAccess.SetLength(_file, stored.Offset);
            return (stored.Offset, stored.Offset);
        }

        return (length, length);
    }

    /// <summary>Reads what is here.</summary>
    public async Task ReadAsync(long offset, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!await TryReadAsync(offset, bytes, cancellationToken)) throw new DownloadException($"Part {_verifier.Part.Id} was changed by another program while it was downloaded: try again.");
    }

    /// <summary>Writes what came.</summary>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => RandomAccess.WriteAsync(_file, bytes, offset, cancellationToken);

    /// <summary>Has all of it on disk before returning.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private async Task<bool> TryReadAsync(long offset, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var read = await RandomAccess.ReadAsync(_file, bytes, offset, cancellationToken);
            if (read == 0) return false;
            (bytes, offset) = (bytes[read..], offset + read);
        }

        return true;
    }
}
