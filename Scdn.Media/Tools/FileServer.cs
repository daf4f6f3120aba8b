using Microsoft.Win32.SafeHandles;
using Scdn.Loopback;

namespace Scdn.Media.Tools;

/// <summary>
/// Shows one local file to FFmpeg as a source on loopback. FFmpeg is allowed loopback HTTP only, so media can't make it open any other file; and there is no file name whose ending could mislead it.
/// </summary>
internal sealed class FileServer : IAsyncDisposable
{
    private const int PieceSize = 128 * 1024;

    private readonly SafeFileHandle _file;
    private readonly LoopbackServer _server;

    private FileServer(SafeFileHandle file)
    {
        _file = file;
        Length = RandomAccess.GetLength(file);
        _server = LoopbackServer.Start(new(), (exchange, token) => exchange.ServeAsync(
            Length, "application/octet-stream", (offset, length, cancel) => CopyAsync(exchange, offset, length, cancel), token));
    }

    public long Length { get; }

    public string Url => _server.BaseUri.AbsoluteUri;

    public static FileServer Open(string path) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _file.Dispose();
    }

    private async Task CopyAsync(LoopbackExchange exchange, long offset, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(PieceSize, length)];
        for (var end = offset + length; offset < end;)
        {
            var wanted = (int)Math.Min(buffer.Length, end - offset);
            var read = await RandomAccess.ReadAsync(_file, buffer.AsMemory(0, wanted), offset, cancellationToken);
            if (read == 0) throw new EndOfStreamException("The file became shorter while it was read.");
            await exchange.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            offset += read;
        }
    }
}
