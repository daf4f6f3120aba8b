using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>The original while it is split: read at any place by several threads, and watched for changes.</summary>
internal sealed class SourceFile : IDisposable
{
    private readonly SafeFileHandle _file;

    public SourceFile(string path)
    {
        Path = path;
        if (FileKind.IsPipe(path)) throw new SplitException(SplitFault.NotAFile, $"{path} is a pipe, not a file that can be read from any place: copy what it gives into a file.");
        // Writers are not locked out (a lock is advice only on POSIX): they are noticed.
        _file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        Length = RandomAccess.GetLength(_file);
        Changed = File.GetLastWriteTimeUtc(_file);
        RequireEnd();
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>When it was last written to, as it was opened.</summary>
    public DateTime Changed { get; }

    public void Read(Span<byte> buffer, long offset)
    {
        if (!FileReading.TryFill(_file, buffer, offset)) throw HasChanged();
    }

    /// <exception cref="SplitException">The file is not as it was when it was opened.</exception>
    public void RequireUnchanged()
    {
        if (RandomAccess.GetLength(_file) != Length || File.GetLastWriteTimeUtc(_file) != Changed) throw HasChanged();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>A device, and what a kernel makes up while it is read, say that they have no bytes: nobody could tell how much of them is the original.</summary>
    private void RequireEnd()
    {
        if (RandomAccess.Read(_file, new byte[1], Length) == 0) return;
        _file.Dispose();
        throw new SplitException(
            SplitFault.NotAFile, $"{Path} gives more than the {Length} bytes that it says it has: copy a device into a file first, and split a file that still grows when it rests.");
    }

    private SplitException HasChanged() => new(SplitFault.SourceChanged, $"The file {Path} was changed while it was split: split it again when it rests.");
}
