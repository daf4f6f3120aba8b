using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>The original while it is split: read at any place by several threads, and watched for changes.</summary>
internal sealed class SourceFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly DateTime _changed;

    public SourceFile(string path)
    {
        Path = path;
        // Writers are not locked out (a lock is advice only on POSIX): they are noticed.
        _file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        Length = RandomAccess.GetLength(_file);
        _changed = File.GetLastWriteTimeUtc(_file);
    }

    public string Path { get; }

    public long Length { get; }

    public void Read(Span<byte> buffer, long offset)
    {
        if (!FileReading.TryFill(_file, buffer, offset)) throw Changed();
    }

    /// <exception cref="SplitException">The file is not as it was when it was opened.</exception>
    public void RequireUnchanged()
    {
        if (RandomAccess.GetLength(_file) != Length || File.GetLastWriteTimeUtc(_file) != _changed) throw Changed();
    }

    public void Dispose() => _file.Dispose();

    private SplitException Changed() => new(SplitFault.SourceChanged, $"The file {Path} was changed while it was split: split it again when it rests.");
}
