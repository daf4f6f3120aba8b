using Microsoft.Win32.SafeHandles;

namespace Scdn.Media.Tools;

/// <summary>Shows one local file to FFmpeg.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly SafeFileHandle _file;
    private readonly SourceServer _server;

    private FileServer(SafeFileHandle file)
    {
        _file = file;
        Length = RandomAccess.GetLength(file);
        _server = new(Length, ReadAsync);
    }

    public long Length { get; }

    public string Url => _server.Url;

    public static FileServer Open(string path) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _file.Dispose();
    }

    private async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var read = await RandomAccess.ReadAsync(_file, buffer, offset, cancellationToken);
            if (read == 0) throw new EndOfStreamException("The file became shorter while it was read.");
            (offset, buffer) = (offset + read, buffer[read..]);
        }
    }
}
