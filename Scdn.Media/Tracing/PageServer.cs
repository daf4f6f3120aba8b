using Microsoft.Win32.SafeHandles;
using Scdn.Format;
using Scdn.Loopback;
using Scdn.Media.Decoding;

namespace Scdn.Media.Tracing;

/// <summary>
/// Shows a file to FFmpeg a page at a time, and takes down which pages it asks for. Each answer is one page of an honest 206 with the file's true length, and then the connection ends: a
/// demuxer that wants more has to say so.
/// </summary>
internal sealed class PageServer : IPagedSource, IAsyncDisposable
{
    /// <summary>How FFmpeg is told to read from such a server: every page ends its connection, which looks like a broken one.</summary>
    public static IReadOnlyList<string> Reading { get; } = ["-reconnect", "1", "-reconnect_delay_max", "2"];

    private readonly SafeFileHandle _file;
    private readonly long _length;
    private readonly PageSizes _sizes;
    private readonly long _limit;
    private readonly LoopbackServer _server;
    private readonly CancellationTokenSource _exceeded = new();
    private readonly List<ByteRange> _runs = [];
    private readonly Lock _gate = new();
    private long _served;
    private bool _closed;

    public PageServer(SafeFileHandle file, PageSizes sizes, long limit)
    {
        (_file, _sizes, _limit) = (file, sizes, limit);
        _length = RandomAccess.GetLength(file);
        _server = LoopbackServer.Start(new(), AnswerAsync);
    }

    public CancellationToken Starved => CancellationToken.None;

    public long Answers => 0;

    public bool IsAnswering => false;

    public string Url => _server.BaseUri.AbsoluteUri;

    /// <summary>Fires when more was asked for than the limit.</summary>
    public CancellationToken Exceeded => _exceeded.Token;

    /// <summary>What was asked for until <see cref="Close"/>, in this order; a demand that goes on where the last one ended makes that one longer.</summary>
    public IReadOnlyList<ByteRange> Runs
    {
        get
        {
            lock (_gate) return [.. _runs];
        }
    }

    /// <summary>From now on nothing is taken down.</summary>
    public void Close()
    {
        lock (_gate) _closed = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _exceeded.Dispose();
    }

    private async Task AnswerAsync(LoopbackExchange exchange, CancellationToken cancellationToken)
    {
        var range = exchange.Range ?? new(0, null);
        if (!range.TryResolve(_length, out var offset, out var wanted))
        {
            exchange.Start(LoopbackResponse.Unsatisfiable(_length));
            return;
        }

        var page = new byte[Math.Min(wanted, Demand(offset))];
        var read = await RandomAccess.ReadAsync(_file, page, offset, cancellationToken);
        exchange.Start(LoopbackResponse.Range(offset, page.Length, _length, "application/octet-stream") with { Close = true });
        await exchange.WriteAsync(page.AsMemory(0, read), cancellationToken);
    }

    private int Demand(long offset)
    {
        lock (_gate)
        {
            var goesOn = _runs is [.., var last] && last.End == offset;
            var run = goesOn ? _runs[^1] : new(offset, 0);
            var size = (int)Math.Min(_sizes.Next(offset, run.Length), _length - offset);
            if (_closed) return size;
            if (goesOn) _runs[^1] = run with { Length = run.Length + size };
            else _runs.Add(run with { Length = size });
            _served += size;
            if (_served > _limit) _exceeded.Cancel();
            return size;
        }
    }
}
