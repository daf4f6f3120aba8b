using Scdn.Loopback;

namespace Scdn.Media.Tools;

/// <summary>
/// Shows bytes to FFmpeg as a source on loopback. FFmpeg is allowed loopback HTTP only, so media can't make it open any file; and there is no file name whose ending could mislead it.
/// </summary>
internal sealed class SourceServer : IAsyncDisposable
{
    private const int PieceSize = 128 * 1024;

    private readonly Func<long, Memory<byte>, CancellationToken, ValueTask> _read;
    private readonly LoopbackServer _server;

    /// <summary>Serves <paramref name="length"/> bytes. <paramref name="read"/> fills a piece with the bytes from an offset on; several connections call it at once.</summary>
    public SourceServer(long length, Func<long, Memory<byte>, CancellationToken, ValueTask> read)
    {
        _read = read;
        _server = LoopbackServer.Start(new(), (exchange, token) => exchange.ServeAsync(
            length, "application/octet-stream", (offset, wanted, cancel) => CopyAsync(exchange, offset, wanted, cancel), token));
    }

    public string Url => _server.BaseUri.AbsoluteUri;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task CopyAsync(LoopbackExchange exchange, long offset, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(PieceSize, length)];
        for (var end = offset + length; offset < end;)
        {
            var piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - offset));
            await _read(offset, piece, cancellationToken);
            await exchange.WriteAsync(piece, cancellationToken);
            offset += piece.Length;
        }
    }
}
