using System.Net;
using System.Net.Http.Headers;
using Scdn.Client.Connections;
using Scdn.Format;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>Fetches headers and ranges of parts from another server or the origin, with the CD master's ticket.</summary>
internal sealed class PeerClient(HostKey key, TimeProvider time) : IDisposable
{
    /// <summary>A source that sends nothing for as long is dead.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private readonly PinnedClients _http = new(
        tls => new SocketsHttpHandler
        {
            SslOptions = tls, ConnectTimeout = TimeSpan.FromSeconds(1), AllowAutoRedirect = false, UseProxy = false, UseCookies = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        },
        Timeout.InfiniteTimeSpan,
        "if its key is another now, restart it, so that it says so");

    /// <summary>The header that a source has.</summary>
    public async Task<byte[]> GetHeaderAsync(CopySource source, ContentId content, string ticket, CancellationToken cancel)
    {
        using var patience = new Patience(Idle, time, cancel);
        using var response = await SendAsync(source, $"/v1/contents/{content}/header", range: null, ticket, patience);
        if (response.Content.Headers.ContentLength is not (> 0 and <= Header.MaxSize) and var length) throw new IOException($"{source.Uri} sends a header of {length} bytes.");
        var bytes = new byte[response.Content.Headers.ContentLength.Value];
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        await FillAsync(body, bytes, patience);
        return bytes;
    }

    /// <summary>Reads a range of a part, piece by piece; each call of <paramref name="take"/> gets exactly as many bytes as it asked for with its answer before.</summary>
    /// <param name="source">Where.</param>
    /// <param name="part">Which part.</param>
    /// <param name="range">Which bytes of it.</param>
    /// <param name="ticket">The ticket to show.</param>
    /// <param name="pieces">How the range is to be handed on: lengths that add up to it.</param>
    /// <param name="take">Gets each piece in turn; false: it is not what it should be.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>False when a piece was refused.</returns>
    public async Task<bool> ReadAsync(
        CopySource source, PartId part, ByteRange range, string ticket, IEnumerable<int> pieces, Func<ReadOnlyMemory<byte>, ValueTask<bool>> take, CancellationToken cancel)
    {
        using var patience = new Patience(Idle, time, cancel);
        using var response = await SendAsync(source, $"/v1/parts/{part}", range, ticket, patience);
        if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange is not { From: { } from } || from != range.Offset)
            throw new IOException($"{source.Uri} answers a range with something else.");
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        var buffer = new byte[PartLayout.SegmentSize + PartLayout.TagSize];
        foreach (var length in pieces)
        {
            if (length > buffer.Length) buffer = new byte[length];
            await FillAsync(body, buffer.AsMemory(0, length), patience);
            if (!await take(buffer.AsMemory(0, length))) return false;
        }

        return true;
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(CopySource source, string path, ByteRange? range, string ticket, Patience patience)
    {
        var url = new Uri(source.Uri, path);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new("Bearer", ticket);
        request.Headers.Add(ProofReader.HeaderName, key.Prove(HttpMethod.Get, url, ticket, []));
        if (range is { } wanted) request.Headers.Range = new RangeHeaderValue(wanted.Offset, wanted.End - 1);
        var response = await _http.For(source.Uri, source.Pins).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        patience.Renew();
        if (response.IsSuccessStatusCode) return response;
        using (response) throw new IOException($"{url} answered {(int)response.StatusCode}.");
    }

    private static async Task FillAsync(Stream body, Memory<byte> buffer, Patience patience)
    {
        while (!buffer.IsEmpty)
        {
            var read = await body.ReadAsync(buffer, patience.Token);
            if (read == 0) throw new IOException("The source ended its answer early.");
            patience.Renew();
            buffer = buffer[read..];
        }
    }

    /// <summary>Runs out when nothing moves, not when it takes long.</summary>
    private sealed class Patience : IDisposable
    {
        private readonly TimeSpan _idle;
        private readonly CancellationTokenSource _timeout;
        private readonly CancellationTokenSource _either;

        public Patience(TimeSpan idle, TimeProvider time, CancellationToken cancel)
        {
            _idle = idle;
            _timeout = new(idle, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, cancel);
        }

        public CancellationToken Token => _either.Token;

        public void Renew() => _timeout.CancelAfter(_idle);

        public void Dispose()
        {
            _either.Dispose();
            _timeout.Dispose();
        }
    }
}
