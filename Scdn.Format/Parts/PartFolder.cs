using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>A folder of part files, each named by its UUID. Keeps a few of them open. Thread-safe.</summary>
public sealed class PartFolder(string path) : IPartReader, IDisposable
{
    /// <summary>Files that are kept open while nobody reads them.</summary>
    private const int IdleLimit = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<PartId, OpenPart> _open = [];
    private long _clock;
    private bool _disposed;

    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>A part's file, whether it is there or not.</summary>
    public string FileOf(PartId part) => System.IO.Path.Combine(Path, part.ToString());

    /// <inheritdoc/>
    public async ValueTask ReadAsync(PartId part, long storedOffset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var open = Acquire(part);
        try
        {
            if (!await FileReading.TryFillAsync(open.Handle, buffer, storedOffset, cancellationToken)) throw TooShort(part, open, storedOffset + buffer.Length);
        }
        finally
        {
            Release(open);
        }
    }

    /// <summary>Checks every byte of a part against its header.</summary>
    /// <returns>Null when all is as published; else the first thing that is not.</returns>
    /// <exception cref="PartException">The part is missing.</exception>
    public async Task<PartDefect?> VerifyAsync(PublicPart part, CancellationToken cancellationToken)
    {
        var open = Acquire(part.Id);
        try
        {
            return await PartFile.VerifyAsync(part, open.Handle, cancellationToken);
        }
        finally
        {
            Release(open);
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var open in _open.Values) open.Handle.Dispose();
            _open.Clear();
        }
    }

    private static PartException TooShort(PartId part, OpenPart open, long wanted) =>
        new(
            part,
            $"Part {part} ends after {RandomAccess.GetLength(open.Handle)} bytes, at least {wanted} are needed: copy it here again.",
            transient: false,
            reason: PartFault.WrongLength);

    private OpenPart Acquire(PartId part)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_open.TryGetValue(part, out var open))
            {
                open = new(Open(part));
                _open.Add(part, open);
            }

            open.Users++;
            open.LastUse = ++_clock;
            return open;
        }
    }

    private void Release(OpenPart released)
    {
        lock (_gate)
        {
            released.Users--;
            if (_disposed || _open.Count <= IdleLimit) return;
            var oldest = _open.Where(pair => pair.Value.Users == 0).MinBy(pair => pair.Value.LastUse);
            if (oldest.Value is null) return;
            _open.Remove(oldest.Key);
            oldest.Value.Handle.Dispose();
        }
    }

    private SafeFileHandle Open(PartId part)
    {
        try
        {
            return FileKind.IsPipe(FileOf(part))
                ? throw new PartException(part, $"Part {part} is a pipe in the folder {Path}: copy the part there again.", transient: false)
                : File.OpenHandle(FileOf(part), share: FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PartException(part, $"Part {part} is missing from the folder {Path}: copy it there again.", transient: false, fault);
        }
    }

    private sealed class OpenPart(SafeFileHandle handle)
    {
        public SafeFileHandle Handle { get; } = handle;

        public int Users { get; set; }

        public long LastUse { get; set; }
    }
}
