using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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

    private const string ContentPath = "content";
    private const string ViewPath = "view/";

    private readonly LoopbackServer _server;
    private readonly Task<NetworkManager> _network;

    /// <summary>Starts to serve.</summary>
    /// <param name="network">Where the bytes come from; must live longer.</param>
    public PlayerSource(NetworkManager network)
        : this(Task.FromResult(network))
    {
    }

    /// <summary>Starts to serve what is still being asked for: a player may be started meanwhile, and waits. When nothing comes of it, its requests fail.</summary>
    /// <param name="network">Where the bytes will come from; must live longer.</param>
    public PlayerSource(Task<NetworkManager> network)
    {
        _network = network;
        _server = LoopbackServer.Start(
            new() { SendBufferBytes = SendBuffer, HandlerFailed = error => Failure ??= error as ScdnException },
            HandleAsync);
        Uri = new(_server.BaseUri, ContentPath);
    }

    /// <summary>Where a player finds the content. The path is a secret: the URL is as good as the content.</summary>
    public Uri Uri { get; }

    /// <summary>Where a player finds the view that goes on at a byte of the original, for contents that have views (<see cref="Manifest.View"/>); others have nothing there.</summary>
    public Uri ViewFrom(long start) => new(_server.BaseUri, string.Create(CultureInfo.InvariantCulture, $"{ViewPath}{start}"));

    /// <summary>Why a player's connection had to be reset: nobody could give the bytes. Null while all is well.</summary>
    public ScdnException? Failure { get; private set; }

    /// <summary>Ends all connections.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task HandleAsync(LoopbackExchange exchange, CancellationToken cancellationToken)
    {
        var network = await _network.WaitAsync(cancellationToken);
        var manifest = network.Manifest;
        if (exchange.Path == ContentPath)
            await exchange.ServeAsync(manifest.Length, manifest.MediaType, (offset, length, token) => WriteAsync(network, exchange, offset, length, token), cancellationToken);
        else if (TryView(manifest, exchange.Path, out var view, out var start))
            await exchange.ServeAsync(view.LengthFrom(start, manifest.Length), manifest.MediaType, (offset, length, token) => WriteViewAsync(network, exchange, view.Locate(start, new(offset, length)), token), cancellationToken);
        else
            await exchange.RespondAsync(404, "There is nothing here.\n", cancellationToken);
    }

    private static bool TryView(Manifest manifest, string path, [NotNullWhen(true)] out SeekView? view, out long start)
    {
        (view, start) = (manifest.View, 0);
        return view is not null && path.StartsWith(ViewPath, StringComparison.Ordinal)
            && long.TryParse(path.AsSpan(ViewPath.Length), NumberStyles.None, CultureInfo.InvariantCulture, out start) && start < manifest.Length;
    }

    private static async Task WriteViewAsync(NetworkManager network, LoopbackExchange exchange, IEnumerable<ByteRange> places, CancellationToken cancellationToken)
    {
        foreach (var place in places) await WriteAsync(network, exchange, place.Offset, place.Length, cancellationToken);
    }

    private static async Task WriteAsync(NetworkManager network, LoopbackExchange exchange, long offset, long length, CancellationToken cancellationToken)
    {
        using var reader = network.OpenReader(offset);
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
