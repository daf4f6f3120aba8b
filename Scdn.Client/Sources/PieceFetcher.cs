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
/// Fetches one piece, segment by segment, by one request, or a single segment by several at once: each is checked before it is handed on. A server that is silent for longer than its
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
            piece.Loss = PartExchange.LossOf(error);
            return ServerFault.Lost;
        }
    }

    private async Task<ServerFault?> FetchSegmentsAsync(Piece piece, ManifestPart part, Task<ServerFault?>? readiness, IdleTimeout silence)
    {
        var stored = ArrayPool<byte>.Shared.Rent(part.Layout.StoredSegmentSize);
        var plain = ArrayPool<byte>.Shared.Rent(PartLayout.SegmentSize);
        try
        {
            var all = part.Layout.StoredSegment(map.WithinPart(piece.First));
            if (piece.Ways > 1) return await FetchSharesAsync(piece, part, all, stored, silence) ?? await HandOnAsync(piece, part, stored, plain, readiness, silence);

            all = new(all.Offset, piece.Bytes);
            using var answer = await AskAsync(piece, part, all, silence.Token);
            if (PartExchange.FaultOf(piece.Server, answer, all, part.Layout.StoredLength) is { } fault) return fault;
            silence.Progressed();
            observer.Answered(piece);
            await using var body = await answer.Content.ReadAsStreamAsync(silence.Token);
            while (piece.Next < piece.End)
            {
                if (!await FillAsync(piece, body, stored.AsMemory(0, map.StoredLength(piece.Next)), silence, silence.Token)) return ServerFault.Lost;
                if (await HandOnAsync(piece, part, stored, plain, readiness, silence) is { } unusable) return unusable;
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

    // Checks the next segment, and tells of it.
    private async Task<ServerFault?> HandOnAsync(Piece piece, ManifestPart part, byte[] stored, byte[] plain, Task<ServerFault?>? readiness, IdleTimeout silence)
    {
        // From here on it is we who are slow, not the server.
        silence.Suspend();
        if (readiness is not null && await readiness is { } unready) return unready;
        var segment = stored.AsMemory(0, map.StoredLength(piece.Next));
        var bytes = plain.AsMemory(0, (int)part.Layout.PlainSegment(map.WithinPart(piece.Next)).Length);
        if (!checker.TryOpen(piece.Next, segment.Span, bytes.Span)) return ServerFault.Corrupt;
        await observer.ArrivedAsync(piece, segment, bytes, silence.Token);
        return null;
    }

    // All at once; when one fails, so does the piece.
    private async Task<ServerFault?> FetchSharesAsync(Piece piece, ManifestPart part, ByteRange segment, byte[] stored, IdleTimeout silence)
    {
        using var others = CancellationTokenSource.CreateLinkedTokenSource(silence.Token);
        var share = (segment.Length + piece.Ways - 1) / piece.Ways;
        var shares = new List<Task<ServerFault?>>();
        for (var at = 0L; at < segment.Length; at += share)
            shares.Add(FetchShareAsync(piece, part, new(segment.Offset + at, Math.Min(share, segment.Length - at)), stored.AsMemory((int)at), silence, others.Token));
        try
        {
            await foreach (var ended in Task.WhenEach(shares))
            {
                if (await ended is { } fault) return fault;
            }
        }
        finally
        {
            await others.CancelAsync();
            await Task.WhenAll(shares.Select(one => (Task)one)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private async Task<ServerFault?> FetchShareAsync(Piece piece, ManifestPart part, ByteRange range, Memory<byte> output, IdleTimeout silence, CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(piece, part, range, cancellationToken);
        if (PartExchange.FaultOf(piece.Server, answer, range, part.Layout.StoredLength) is { } fault) return fault;
        silence.Progressed();
        observer.Answered(piece);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        return await FillAsync(piece, body, output[..(int)range.Length], silence, cancellationToken) ? null : ServerFault.Lost;
    }

    private async Task<bool> FillAsync(Piece piece, Stream body, Memory<byte> output, IdleTimeout silence, CancellationToken cancellationToken)
    {
        while (output.Length > 0)
        {
            var read = await body.ReadAsync(output, cancellationToken);
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
