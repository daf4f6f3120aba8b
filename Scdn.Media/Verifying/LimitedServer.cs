using Scdn.Format;
using Scdn.Loopback;
using Scdn.Media.Decoding;
using Scdn.Media.Tools;
using Scdn.Media.Tracing;

namespace Scdn.Media.Verifying;

/// <summary>
/// Shows FFmpeg a content, or a view of it, of which only a few ranges are at hand: a page at a time, as the tracer does, so that what it asks for is what it needs. Whoever asks for any other byte
/// gets no answer.
/// </summary>
internal sealed class LimitedServer : IPagedSource, IAsyncDisposable
{
    private readonly SharedStream _original;
    private readonly IReadOnlyList<ByteRange> _held;
    private readonly (SeekView View, long Start)? _view;
    private readonly long _length;
    private readonly PageSizes _sizes;
    private readonly LoopbackServer _server;
    private readonly CancellationTokenSource _starved = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _missing = -1;
    private long _answers;
    private int _underWay;

    /// <summary>Serves <paramref name="held"/> of <paramref name="original"/>.</summary>
    public LimitedServer(SharedStream original, IEnumerable<ByteRange> held, (SeekView View, long Start)? view = null)
    {
        (_original, _held, _view) = (original, Ranges.Union(held), view);
        // Near its end a run goes by small pages, as it does when it is traced: whether a demuxer seeks over a gap or reads through it depends on where its last page ended.
        _sizes = new([.. _held.Select(run => new KnownRun(run, PlayerProbeOptions.ShortSeekBytes))], grow: false);
        _length = view is { } shown ? shown.View.LengthFrom(shown.Start, original.Length) : original.Length;
        _server = LoopbackServer.Start(new(), AnswerAsync);
    }

    public string Url => _server.BaseUri.AbsoluteUri;

    /// <summary>Bytes of what is shown.</summary>
    public long Length => _length;

    public long Answers => Interlocked.Read(ref _answers);

    public bool IsAnswering => Volatile.Read(ref _underWay) > 0;

    /// <summary>Fires when a byte was asked for that is not at hand.</summary>
    public CancellationToken Starved => _starved.Token;

    /// <summary>The first such byte of the original; null when there was none.</summary>
    public long? Missing => Interlocked.Read(ref _missing) is >= 0 and var missing ? missing : null;

    /// <summary>Nothing more is needed: who still waits for a byte gets it after all, and so comes to an end.</summary>
    public void Close() => _closed.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _starved.Dispose();
    }

    private async Task AnswerAsync(LoopbackExchange exchange, CancellationToken cancellationToken)
    {
        var range = exchange.Range ?? new(0, null);
        if (!range.TryResolve(_length, out var offset, out var wanted))
        {
            exchange.Start(LoopbackResponse.Unsatisfiable(_length));
            return;
        }

        var place = _view is { } view ? view.View.Locate(view.Start, new(offset, wanted)).First() : new(offset, wanted);
        var run = _held.FirstOrDefault(run => run.Contains(place.Offset));
        if (run.Length == 0)
        {
            Interlocked.CompareExchange(ref _missing, place.Offset, -1);
            await _starved.CancelAsync();
            await _closed.Task.WaitAsync(cancellationToken);
            run = new(place.Offset, PageSizes.Smallest);
        }

        Interlocked.Increment(ref _answers);
        Interlocked.Increment(ref _underWay);
        try
        {
            await AnswerAsync(exchange, offset, place, run, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task AnswerAsync(LoopbackExchange exchange, long offset, ByteRange place, ByteRange run, CancellationToken cancellationToken)
    {
        var page = new byte[Math.Min(place.Length, Math.Min(_sizes.Next(place.Offset, 0), run.End - place.Offset))];
        await _original.ReadAsync(place.Offset, page, cancellationToken);
        exchange.Start(LoopbackResponse.Range(offset, page.Length, _length, "application/octet-stream") with { Close = true });
        await exchange.WriteAsync(page, cancellationToken);
    }
}
