using System.Buffers;
using System.Collections.Concurrent;
using Scdn.Client.Connections;
using Scdn.Client.Scheduling;
using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>What a fetcher tells about a piece while it comes in.</summary>
internal interface IPieceObserver
{
    /// <summary>What is shown to content servers.</summary>
    string AuthenticationKey { get; }

    /// <summary>The answer has begun.</summary>
    void Answered(Piece piece);

    /// <summary>Stored bytes of it have arrived.</summary>
    void Progressed(Piece piece, int bytes);

    /// <summary>Bytes that are no segment's have arrived: a hash list.</summary>
    void Overhead(Piece piece, int bytes);

    /// <summary>Whether the list of hashes that a part's segments are checked by is here already; then it was learnt.</summary>
    Task<bool> TryRecallAsync(ManifestPart part, CancellationToken cancellationToken);

    /// <summary>A part's list of hashes is here and checked.</summary>
    Task LearntAsync(ManifestPart part, ReadOnlyMemory<byte> hashList, CancellationToken cancellationToken);

    /// <summary>Its next segment is here and checked. The memory is only lent.</summary>
    Task ArrivedAsync(Piece piece, ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken);
}

/// <summary>
/// Fetches one piece by one request, segment by segment: each is checked before it is handed on. A server that is silent for longer than its
/// round-trip time allows is given up.
/// </summary>
internal sealed class PieceFetcher(PinnedClients http, SegmentMap map, SegmentChecker checker, IPieceObserver observer, TimeProvider time)
{
    private readonly ConcurrentDictionary<PartId, SemaphoreSlim> _hashListGates = new();

    /// <summary>Fetches the piece. Returns null when it came whole, else what its server did wrong.</summary>
    public async Task<ServerFault?> FetchAsync(Piece piece, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var silence = new IdleTimeout(piece, time, cancellationToken);
        try
        {
            var part = map.Part(map.PartOf(piece.First));
            var readiness = checker.IsReady(part) ? null : LearnHashListAsync(piece, part, over.Token);
            try
            {
                return await FetchSegmentsAsync(piece, part, readiness, silence);
            }
            finally
            {
                await over.CancelAsync();
                if (readiness is not null) await ((Task)readiness).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ServerFault.Silent;
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ServerFault.Lost;
        }
    }

    private async Task<ServerFault?> FetchSegmentsAsync(Piece piece, ManifestPart part, Task<ServerFault?>? readiness, IdleTimeout silence)
    {
        var first = part.Layout.StoredSegment(map.WithinPart(piece.First));
        using var answer = await AskAsync(piece, part, new(first.Offset, piece.Bytes), silence.Token);
        if (PartExchange.FaultOf(piece.Server, answer, new(first.Offset, piece.Bytes), part.Layout.StoredLength) is { } fault) return fault;
        silence.Progressed();
        observer.Answered(piece);
        var stored = ArrayPool<byte>.Shared.Rent(part.Layout.StoredSegmentSize);
        var plain = ArrayPool<byte>.Shared.Rent(PartLayout.SegmentSize);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(silence.Token);
            while (piece.Next < piece.End)
            {
                var segment = stored.AsMemory(0, map.StoredLength(piece.Next));
                if (!await FillAsync(piece, body, segment, silence)) return ServerFault.Lost;
                // From here on it is we who are slow, not the server.
                silence.Suspend();
                if (readiness is not null && await readiness is { } unready) return unready;
                var bytes = plain.AsMemory(0, (int)part.Layout.PlainSegment(map.WithinPart(piece.Next)).Length);
                if (!checker.TryOpen(piece.Next, segment.Span, bytes.Span)) return ServerFault.Corrupt;
                await observer.ArrivedAsync(piece, segment, bytes, silence.Token);
                silence.Progressed();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
            ArrayPool<byte>.Shared.Return(plain);
        }

        return null;
    }

    private async Task<bool> FillAsync(Piece piece, Stream body, Memory<byte> output, IdleTimeout silence)
    {
        while (output.Length > 0)
        {
            var read = await body.ReadAsync(output, silence.Token);
            if (read == 0) return false;
            silence.Progressed();
            observer.Progressed(piece, read);
            output = output[read..];
        }

        return true;
    }

    // Beside the segments, not before them; and once a part, though several pieces of it are on their way: at the gate they wait for another's server, not for theirs.
    private async Task<ServerFault?> LearnHashListAsync(Piece piece, ManifestPart part, CancellationToken cancellationToken)
    {
        var gate = _hashListGates.GetOrAdd(part.Id, _ => new(1));
        await gate.WaitAsync(cancellationToken);
        using var silence = new IdleTimeout(piece, time, cancellationToken);
        try
        {
            if (await observer.TryRecallAsync(part, silence.Token)) return null;
            var range = part.Layout.HashList;
            using var answer = await AskAsync(piece, part, range, silence.Token);
            if (PartExchange.FaultOf(piece.Server, answer, range, part.Layout.StoredLength) is { } fault) return fault;
            silence.Progressed();
            var list = new byte[range.Length];
            await using var body = await answer.Content.ReadAsStreamAsync(silence.Token);
            for (var done = 0; done < list.Length;)
            {
                var read = await body.ReadAsync(list.AsMemory(done), silence.Token);
                if (read == 0) return ServerFault.Lost;
                silence.Progressed();
                observer.Overhead(piece, read);
                done += read;
            }

            if (!checker.TryLearn(part, list)) return ServerFault.Corrupt;
            silence.Suspend();
            await observer.LearntAsync(part, list, silence.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ServerFault.Silent;
        }
        finally
        {
            gate.Release();
        }
    }

    private Task<HttpResponseMessage> AskAsync(Piece piece, ManifestPart part, ByteRange range, CancellationToken cancellationToken) =>
        PartExchange.AskAsync(http, piece.Server, observer.AuthenticationKey, part.Id, range, cancellationToken);

    /// <summary>Fires when the server has been silent for too long while we listened; starts anew with every byte.</summary>
    private sealed class IdleTimeout : IDisposable
    {
        private readonly Piece _piece;
        private readonly CancellationTokenSource _silent;
        private readonly CancellationTokenSource _either;

        public IdleTimeout(Piece piece, TimeProvider time, CancellationToken cancellationToken)
        {
            _piece = piece;
            _silent = new(Allowed, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_silent.Token, cancellationToken);
        }

        public CancellationToken Token => _either.Token;

        // All that the server was asked for may stand before the next byte.
        private TimeSpan Allowed => _piece.Server.RoundTrip.IdleTimeout(
            _piece.Server.ExpectedTransfer((long)PartLayout.SegmentSize * Math.Max(1, _piece.Server.InFlight)));

        public void Progressed() => _silent.CancelAfter(Allowed);

        public void Suspend() => _silent.CancelAfter(Timeout.InfiniteTimeSpan);

        public void Dispose()
        {
            _either.Dispose();
            _silent.Dispose();
        }
    }
}
