using Scdn.Format;
using Scdn.Loopback;
using Scdn.Media.Tracing;

namespace Scdn.Media.Verifying;

/// <summary>
/// Shows FFmpeg a content of which only the head is at hand: a page at a time, as the tracer does, so that what it asks for is what it needs. Whoever asks for any other byte gets an error.
/// </summary>
internal sealed class HeadServer : IAsyncDisposable
{
    private readonly Stream _original;
    private readonly IReadOnlyList<ByteRange> _head;
    private readonly PageSizes _sizes;
    private readonly LoopbackServer _server;
    private readonly CancellationTokenSource _failed = new();
    private readonly SemaphoreSlim _turn = new(1);
    private long _missing = -1;

    /// <summary>Serves <paramref name="head"/> of <paramref name="original"/>, which nobody else may use meanwhile.</summary>
    public HeadServer(Stream original, IEnumerable<ByteRange> head)
    {
        (_original, _head) = (original, Ranges.Union(head));
        _sizes = new(_head);
        _server = LoopbackServer.Start(new(), AnswerAsync);
    }

    public string Url => _server.BaseUri.AbsoluteUri;

    /// <summary>Fires when a byte outside the head was asked for.</summary>
    public CancellationToken Failed => _failed.Token;

    /// <summary>The first byte outside the head that was asked for; null when there was none.</summary>
    public long? Missing => Interlocked.Read(ref _missing) is >= 0 and var missing ? missing : null;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _turn.Dispose();
        _failed.Dispose();
    }

    private async Task AnswerAsync(LoopbackExchange exchange, CancellationToken cancellationToken)
    {
        var range = exchange.Range ?? new(0, null);
        if (!range.TryResolve(_original.Length, out var offset, out var wanted))
        {
            exchange.Start(LoopbackResponse.Unsatisfiable(_original.Length));
            return;
        }

        var run = _head.FirstOrDefault(run => run.Contains(offset));
        if (run.Length == 0)
        {
            Interlocked.CompareExchange(ref _missing, offset, -1);
            await exchange.RespondAsync(404, "This byte is not part of the head.", cancellationToken);
            await _failed.CancelAsync();
            return;
        }

        var page = new byte[Math.Min(wanted, Math.Min(_sizes.Next(offset, 0), run.End - offset))];
        await ReadAsync(offset, page, cancellationToken);
        exchange.Start(LoopbackResponse.Range(offset, page.Length, _original.Length, "application/octet-stream") with { Close = true });
        await exchange.WriteAsync(page, cancellationToken);
    }

    private async Task ReadAsync(long offset, byte[] page, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _original.Position = offset;
            await _original.ReadExactlyAsync(page, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }
}
