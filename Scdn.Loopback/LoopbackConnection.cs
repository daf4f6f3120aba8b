using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Scdn.Loopback;

/// <summary>One connection: reads requests one after the other, and answers each before it looks at the next.</summary>
internal sealed class LoopbackConnection(
    Socket socket, LoopbackOptions options, string prefix, Func<LoopbackExchange, CancellationToken, Task> handler)
{
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    private readonly Pipe _incoming = new(new PipeOptions(
        pauseWriterThreshold: RequestHead.MaxSize, resumeWriterThreshold: RequestHead.MaxSize / 2, useSynchronizationContext: false));

    private bool? _peerIsSelf;

    /// <summary>Serves the connection until either side ends it; <paramref name="busy"/> answers everything with 503.</summary>
    public async Task RunAsync(bool busy, CancellationToken stopping)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var pump = Task.CompletedTask;
        var clean = false;
        try
        {
            socket.NoDelay = true;
            if (options.SendBufferBytes is { } bytes) socket.SendBufferSize = bytes;
            pump = PumpAsync(gone);
            clean = await ServeAsync(busy, gone.Token, stopping);
            if (clean)
            {
                // The peer reads to the end before the socket goes: closing with bytes unread on this side would reset what it has not read yet.
                socket.Shutdown(SocketShutdown.Send);
                await pump.WaitAsync(FarewellTime, options.Time, stopping);
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or TimeoutException or ObjectDisposedException)
        {
            // The peer has left, or the server stops: neither has anyone to tell.
        }
        finally
        {
            // No linger: an answer that broke off must never look like one that ended.
            if (!clean) socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Dispose();
            await _incoming.Reader.CompleteAsync();
            await pump;
        }
    }

    // Reads ahead all the time, for that is how a peer's leaving is noticed while an answer is under way.
    private async Task PumpAsync(CancellationTokenSource gone)
    {
        try
        {
            while (await socket.ReceiveAsync(_incoming.Writer.GetMemory(2048), gone.Token) is > 0 and var count)
            {
                _incoming.Writer.Advance(count);
                if ((await _incoming.Writer.FlushAsync(gone.Token)).IsCompleted) break;
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // As good as the end of the stream.
        }

        await _incoming.Writer.CompleteAsync();
        await gone.CancelAsync();
    }

    // True when the conversation ended in order; false when the connection has to be reset. That the peer has sent its last byte (gone) ends a handler,
    // but not an answer that is whole: the peer may still be reading it.
    private async Task<bool> ServeAsync(bool busy, CancellationToken gone, CancellationToken stopping)
    {
        while (true)
        {
            var (head, fault) = await ReadHeadAsync(stopping);
            if (head is null && fault is null) return true;
            fault ??= busy ? new(503, "Too many connections at once.") : Check(head!);
            if (fault is not null || head is null)
            {
                await RefuseAsync(fault!, stopping);
                return true;
            }

            var (path, query) = Split(head.Target[prefix.Length..]);
            var exchange = new LoopbackExchange(head, path, query, SendAsync);
            try
            {
                await handler(exchange, gone);
            }
            catch (Exception) when (gone.IsCancellationRequested)
            {
                return false;
            }
            catch (SocketException)
            {
                return false;
            }
            catch (Exception error)
            {
                options.HandlerFailed?.Invoke(error);
                if (exchange.Started) return false;
                await RefuseAsync(new(500, "The request could not be answered."), stopping);
                return true;
            }

            if (!exchange.IsComplete) return false;
            await exchange.FlushAsync(stopping);
            if (!exchange.KeepAlive) return true;
        }
    }

    private async Task<(RequestHead? Head, Refusal? Fault)> ReadHeadAsync(CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var idle = options.Time.CreateTimer(_ => limit.Cancel(), null, options.IdleTimeout, Timeout.InfiniteTimeSpan);
        var begun = false;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await _incoming.Reader.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                return (null, begun ? new(400, "The request took too long.") : null);
            }

            var buffer = read.Buffer;
            var reader = new System.Buffers.SequenceReader<byte>(buffer);
            if (reader.TryReadTo(out ReadOnlySpan<byte> lines, "\r\n\r\n"u8))
            {
                var parsed = reader.Consumed <= RequestHead.MaxSize && RequestHead.TryParse(lines, out var head) ? head : null;
                _incoming.Reader.AdvanceTo(reader.Position);
                return parsed is null ? (null, new(400, "This is not a request that is understood here.")) : (parsed, null);
            }

            _incoming.Reader.AdvanceTo(buffer.Start, buffer.End);
            if (buffer.Length >= RequestHead.MaxSize) return (null, new(431, "The request's head is too large."));
            if (read.IsCompleted) return (null, null);
            if (!begun && buffer.Length > 0)
            {
                begun = true;
                idle.Change(options.HeadTimeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private Refusal? Check(RequestHead head)
    {
        var (local, peer) = ((IPEndPoint)socket.LocalEndPoint!, (IPEndPoint)socket.RemoteEndPoint!);
        // A page in a browser may make a name of its own point here; the Host header gives it away.
        if (head.Headers.GetValueOrDefault("Host") is not { } host) return new(400, "The Host header is missing.");
        if (host != $"127.0.0.1:{local.Port}" && host != $"localhost:{local.Port}") return new(421, "This server answers for 127.0.0.1 only.");
        if (!(_peerIsSelf ??= PeerUser.IsSelf(peer, local))) return new(403, "This server answers the user who started it only.");
        if (!StartsWithSecret(head.Target)) return new(404, "There is nothing here.");
        return head.Method is "GET" or "HEAD" ? null : new(405, "Only GET and HEAD are served.");
    }

    private bool StartsWithSecret(string target) =>
        target.Length >= prefix.Length
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(target[..prefix.Length]), Encoding.ASCII.GetBytes(prefix));

    private static (string Path, string? Query) Split(string target) =>
        target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? (target[..mark], target[(mark + 1)..]) : (target, null);

    private async ValueTask RefuseAsync(Refusal refusal, CancellationToken cancellationToken)
    {
        var body = Encoding.ASCII.GetBytes(refusal.Reason + "\n");
        var response = new LoopbackResponse(refusal.Status, body.Length)
        {
            ContentType = "text/plain",
            Headers = refusal.Status == 405 ? new Dictionary<string, string> { ["Allow"] = "GET, HEAD" } : [],
        };
        await SendAsync((byte[])[.. response.Encode(close: true), .. body], cancellationToken);
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
    }

    private sealed record Refusal(int Status, string Reason);
}
