using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>The original while it is split: read at any place by several threads, and watched for changes.</summary>
internal sealed class SourceFile : IOriginal, IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly DateTime _changed;

    public SourceFile(string path)
    {
        Name = path;
        if (FileKind.IsPipe(path)) throw new SplitException(SplitFault.NotAFile, $"{path} is a pipe, not a file that can be read from any place: copy what it gives into a file.");
        // Writers are not locked out (a lock is advice only on POSIX): they are noticed.
        _file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        Length = RandomAccess.GetLength(_file);
        _changed = File.GetLastWriteTimeUtc(_file);
        RequireEnd();
    }

    public string Name { get; }

    public long Length { get; }

    /// <summary>The file's place, its length, and when it was last written to.</summary>
    public byte[] Identity
    {
        get
        {
            var writer = new ByteWriter();
            writer.Bytes(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(Name))));
            writer.Length(Length);
            writer.Length(_changed.Ticks);
            return writer.Written.ToArray();
        }
    }

    /// <summary>On the caller's thread: the disk is what everybody waits for.</summary>
    public ValueTask ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) =>
        FileReading.TryFill(_file, buffer.Span, offset) ? ValueTask.CompletedTask : throw HasChanged();

    /// <exception cref="SplitException">The file is not as it was when it was opened.</exception>
    public void RequireIntact(ImmutableArray<byte> sha256)
    {
        if (RandomAccess.GetLength(_file) != Length || File.GetLastWriteTimeUtc(_file) != _changed) throw HasChanged();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>A device, and what a kernel makes up while it is read, say that they have no bytes: nobody could tell how much of them is the original.</summary>
    private void RequireEnd()
    {
        if (RandomAccess.Read(_file, new byte[1], Length) == 0) return;
        _file.Dispose();
        throw new SplitException(
            SplitFault.NotAFile, $"{Name} gives more than the {Length} bytes that it says it has: copy a device into a file first, and split a file that still grows when it rests.");
    }

    private SplitException HasChanged() => new(SplitFault.SourceChanged, $"The file {Name} was changed while it was split: split it again when it rests.");
}
