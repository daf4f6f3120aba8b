using System.Buffers;
using Scdn.Format;
using Scdn.Loopback;

namespace Scdn.Client.Loopback;

/// <summary>
/// Serves a content on loopback as an ordinary seekable HTTP file, for any player of the same user. A player may hold several connections and abandon them as it
/// likes; a server's failure is never seen there: a read waits, or gets bytes.
/// </summary>
public sealed class PlayerSource : IAsyncDisposable
{
    /// <summary>What runs ahead of the player in the system's buffers was fetched before it was wanted; a little keeps a fast reader busy.</summary>
    private const int SendBuffer = 64 * 1024;

    private readonly LoopbackServer _server;
    private readonly NetworkManager _network;

    /// <summary>Starts to serve.</summary>
    /// <param name="network">Where the bytes come from; must live longer.</param>
    public PlayerSource(NetworkManager network)
    {
        _network = network;
        _server = LoopbackServer.Start(
            new() { SendBufferBytes = SendBuffer, HandlerFailed = error => Failure ??= error as ScdnException },
            HandleAsync);
        Uri = new(_server.BaseUri, "content");
    }

    /// <summary>Where a player finds the content. The path is a secret: the URL is as good as the content.</summary>
    public Uri Uri { get; }

    /// <summary>Why a player's connection had to be reset: nobody could give the bytes. Null while all is well.</summary>
    public ScdnException? Failure { get; private set; }

    /// <summary>Ends all connections.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task HandleAsync(LoopbackExchange exchange, CancellationToken cancellationToken) =>
        exchange.Path == "content"
            ? exchange.ServeAsync(
                _network.Manifest.Length,
                _network.Manifest.MediaType,
                (offset, length, token) => WriteAsync(exchange, offset, length, token),
                cancellationToken)
            : exchange.RespondAsync(404, "There is nothing here.\n", cancellationToken);

    private async Task WriteAsync(LoopbackExchange exchange, long offset, long length, CancellationToken cancellationToken)
    {
        using var reader = _network.OpenReader(offset);
        var buffer = ArrayPool<byte>.Shared.Rent(PartLayout.SegmentSize);
        try
        {
            while (length > 0)
            {
                var count = await reader.ReadAsync(buffer.AsMemory(0, (int)Math.Min(PartLayout.SegmentSize, length)), cancellationToken);
                await exchange.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                length -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
