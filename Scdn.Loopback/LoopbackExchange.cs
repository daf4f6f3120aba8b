using System.Text;

namespace Scdn.Loopback;

/// <summary>One request and its answer, for the time that a handler takes. Used by one caller at a time.</summary>
public sealed class LoopbackExchange
{
    private readonly RequestHead _head;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> _send;
    private byte[]? _pendingHead;
    private long _remaining;

    internal LoopbackExchange(RequestHead head, string path, string? query, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send)
    {
        (_head, _send, Path, Query) = (head, send, path, query);
        KeepAlive = head.KeepAlive;
    }

    /// <summary>Whether only the answer's head is wanted. Body bytes that are written all the same are counted and dropped.</summary>
    public bool IsHead => _head.Method == "HEAD";

    /// <summary>The path after the secret prefix, as sent, without a leading slash: empty for <see cref="LoopbackServer.BaseUri"/> itself.</summary>
    public string Path { get; }

    /// <summary>What follows the question mark, as sent; null when there is none.</summary>
    public string? Query { get; }

    /// <summary>The request's headers; names compare without case.</summary>
    public IReadOnlyDictionary<string, string> Headers => _head.Headers;

    /// <summary>
    /// The range asked for; null when the whole is wanted, or when several ranges are, for which the whole is a correct answer as well. A conditional range
    /// (<c>If-Range</c>) is for the whole too, for no validator is ever given out here.
    /// </summary>
    public RequestedRange? Range =>
        !_head.Headers.ContainsKey("If-Range") && RequestedRange.TryParse(_head.Headers.GetValueOrDefault("Range"), out var range) ? range : null;

    internal bool Started { get; private set; }

    internal bool KeepAlive { get; private set; }

    /// <summary>Whether the answer is what was announced.</summary>
    internal bool IsComplete => Started && (_remaining == 0 || IsHead);

    /// <summary>Begins the answer. It is sent together with the first bytes of the body, or when the handler returns.</summary>
    public void Start(LoopbackResponse response)
    {
        if (Started) throw new InvalidOperationException("The answer has begun already.");
        KeepAlive &= !response.Close;
        _pendingHead = response.Encode(close: !KeepAlive);
        _remaining = response.Length;
        Started = true;
    }

    /// <summary>Sends the next bytes of the body; completes when the system has taken them, which follows the reader.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!Started || bytes.Length > _remaining) throw new InvalidOperationException("The body is longer than announced.");
        _remaining -= bytes.Length;
        if (IsHead) return;
        if (_pendingHead is { } begin)
        {
            _pendingHead = null;
            // One packet for a small answer; a large first piece isn't worth copying.
            if (bytes.Length <= 4096)
            {
                await _send((byte[])[.. begin, .. bytes.Span], cancellationToken);
                return;
            }

            await _send(begin, cancellationToken);
        }

        await _send(bytes, cancellationToken);
    }

    /// <summary>A whole short answer in words.</summary>
    public async Task RespondAsync(int status, string text, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(text);
        Start(new(status, body.Length) { ContentType = "text/plain; charset=utf-8" });
        await WriteAsync(body, cancellationToken);
    }

    /// <summary>
    /// Serves a seekable file of <paramref name="total"/> bytes: 200, 206 or 416 as the request's range demands. <paramref name="writeBody"/> gets offset and length, and has to write exactly
    /// as many bytes with <see cref="WriteAsync"/>; when it throws or stops short, the connection is reset. It is not called when no body is wanted.
    /// </summary>
    public async Task ServeAsync(long total, string contentType, Func<long, long, CancellationToken, Task> writeBody, CancellationToken cancellationToken)
    {
        var (offset, length) = (0L, total);
        if (Range is not { } range) Start(new(200, total) { ContentType = contentType });
        else if (range.TryResolve(total, out offset, out length)) Start(LoopbackResponse.Range(offset, length, total, contentType));
        else
        {
            Start(LoopbackResponse.Unsatisfiable(total));
            return;
        }

        if (IsHead || length == 0) return;
        await FlushAsync(cancellationToken);
        await writeBody(offset, length, cancellationToken);
    }

    /// <summary>Sends what is held back of the answer's head, so that the peer knows that it is being served.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_pendingHead is not { } begin) return;
        _pendingHead = null;
        await _send(begin, cancellationToken);
    }
}
