using Scdn.Format;

namespace Scdn.Client.Scheduling;

/// <summary>
/// Decides what is fetched next, and from whom: what a reader waits for, then the head until it is whole, then what was hinted, then read-ahead in play order
/// within the window; the latter two beside the head only from servers that have nothing to do with it. No sockets and no clock: the time is an argument. Not thread-safe.
/// </summary>
internal sealed class FetchScheduler(SegmentMap map, ServerBoard servers, SocketCount sockets)
{
    private const byte Held = 0x80;

    /// <summary>A hedge may use sockets above the limit: the limit is about throughput, a hedge about one late piece.</summary>
    private const int HedgeSockets = 2;

    /// <summary>A connection that is broken off has to be made anew: what is nearly here is let come.</summary>
    private const int WorthAbandoning = 2 * PartLayout.SegmentSize;

    private const int MostLooks = 32;

    private readonly byte[] _states = new byte[map.Count];
    private readonly List<Piece> _pieces = [];
    private readonly List<ReadPoint> _readers = [];
    private readonly RateMeter _rate = new();
    private int[] _hints = [];
    private int[] _first = [];
    private ReadPoint? _expected;
    private int _headHeld;
    private long _order;

    /// <summary>Bytes ahead of a reader that are fetched before it asks.</summary>
    public long WindowBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Who gets so many bytes a second makes no queue before the line.</summary>
    public double EnoughBytesPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// Whether all of it will be read, and it was promised that no reader will wait: nothing that was asked for is given up, whatever readers do, what is late is asked for again before one waits for it, and where readers need nothing it is fetched from where playing began.
    /// </summary>
    public bool FetchesAll { get; init; }

    /// <summary>Nothing beyond this byte of the original is fetched before a reader waits for it; null: no such limit.</summary>
    public long? ReadAheadLimit { get; set; }

    /// <summary>Pieces that were asked for a second time, of another server or over another connection.</summary>
    public int Hedges { get; private set; }

    public IReadOnlyList<Piece> Pieces => _pieces;

    public IReadOnlyList<ReadPoint> Readers => _readers;

    public bool IsHeadHeld => _headHeld == map.HeadCount;

    // Nothing is shown before all of it is here, so that nothing waits behind it: more connections that have rested bring it sooner.
    private bool IsBeginningHeld => IsHeadHeld && Array.TrueForAll(_first, IsHeld);

    private int Sockets => sockets.Current;

    private int Ways => UrgentWays.Of(sockets.Least, sockets.Most, servers.InUse);

    private int WaysInTurn => UrgentWays.InTurn(sockets.Least, sockets.Most, servers.InUse, _first.Count(segment => !IsHeld(segment)));

    private int WaysInFront => UrgentWays.InFront(sockets.Least, sockets.Most, servers.InUse);

    private int Connections => UrgentWays.Connections(sockets.Least, sockets.Most, servers.InUse);

    private int ConnectionsInUse => _pieces.Sum(piece => piece.Ways);

    private bool IsEverySocketBusy => _pieces.Count >= Sockets;

    public ReadPoint AddReader(long position)
    {
        var reader = new ReadPoint();
        _readers.Add(reader);
        Aim(reader, position);
        return reader;
    }

    /// <summary>A reader goes elsewhere.</summary>
    public void Aim(ReadPoint reader, long position)
    {
        (reader.Position, reader.AimedAt, reader.HeldUntil, reader.WaitingSince, reader.Order) = (position, position, position, null, ++_order);
    }

    /// <summary>A reader goes on in the same place.</summary>
    public static void Advance(ReadPoint reader, int count)
    {
        reader.Position += count;
        reader.HeldUntil = Math.Max(reader.HeldUntil, reader.Position);
    }

    public void RemoveReader(ReadPoint reader) => _readers.Remove(reader);

    /// <summary>A reader is about to ask for these bytes of the original, and then for what follows: until there is a reader, it is read ahead from there.</summary>
    /// <param name="range">The bytes.</param>
    /// <param name="needed">So many of them are needed before anything is shown: they come with the head, and in any case the first that are not in it.</param>
    /// <param name="from">Of them those from this byte on come first, and those before it last.</param>
    public void Hint(ByteRange range, long needed = 0, long from = 0)
    {
        var segments = map.SegmentsOf(range).ToList();
        var start = from > range.Offset ? segments.IndexOf(map.Locate(from).Segment) : 0;
        segments = [.. segments.Skip(start), .. segments.Take(start)];
        var atOnce = map.SegmentsOf(range with { Length = Math.Min(needed, range.Length) });
        _hints = [.. segments];
        _first = [.. segments.Where(segment => segment >= map.HeadCount).Where((segment, place) => place == 0 || atOnce.Contains(segment))];
        _expected = new() { Position = range.Offset, AimedAt = range.Offset, HeldUntil = range.Offset };
    }

    public bool IsHeld(int segment) => (_states[segment] & Held) != 0;

    /// <summary>A segment is here, checked. False when it was here already.</summary>
    public bool Hold(int segment)
    {
        if (IsHeld(segment)) return false;
        _states[segment] |= Held;
        if (segment < map.HeadCount) _headHeld++;
        if (Array.TrueForAll(_first, IsHeld)) _first = [];
        return true;
    }

    /// <summary>A segment is not here any more.</summary>
    public void Forget(int segment)
    {
        if (!IsHeld(segment)) return;
        _states[segment] = (byte)(_states[segment] & ~Held);
        if (segment < map.HeadCount) _headHeld--;
        // It was there for whoever was to ask for it.
        _hints = [.. _hints.Where(hint => hint != segment)];
        _first = [.. _first.Where(first => first != segment)];
        foreach (var reader in _readers) reader.HeldUntil = reader.Position;
        _expected?.HeldUntil = _expected.Position;
    }

    /// <summary>The parts that are needed now: the head, what is on its way, and what readers will come to within the window.</summary>
    public HashSet<int> NeededParts()
    {
        HashSet<int> parts = [.. _pieces.Select(piece => map.PartOf(piece.First))];
        for (var part = 0; part < map.PartCount && map.FirstSegment(part) < map.HeadCount; part++) parts.Add(part);
        foreach (var reader in ReadersAhead())
        {
            var end = EndOfWindow(reader);
            for (var position = reader.Position; position < Math.Max(end, reader.Position + 1) && position < map.Length;)
            {
                var run = map.Locate(position);
                parts.Add(map.PartOf(run.Segment));
                position += run.Length;
            }
        }

        return parts;
    }

    /// <summary>What is here of a range of the original: looked at in places, at most <see cref="MostLooks"/>.</summary>
    public Coverage CoverageOf(ByteRange range)
    {
        var looks = (int)Math.Clamp(range.Length / PartLayout.SegmentSize, 1, MostLooks);
        var isHeld = true;
        Piece? coming = null;
        for (var look = 0; look < looks; look++)
        {
            var segment = map.Locate(Math.Min(range.Offset + (range.Length * look / looks), map.Length - 1)).Segment;
            if (IsHeld(segment)) continue;
            isHeld = false;
            coming ??= _pieces.Find(piece => piece.Contains(segment));
        }

        return new(isHeld, coming?.Server.Server.Name);
    }

    /// <summary>The next piece to ask for, counted as in flight from now on; null when there is nothing to do, or nobody to ask, for now.</summary>
    public Piece? Next(TimeSpan now)
    {
        sockets.Servers = servers.InUse;
        if (ConnectionsInUse >= Connections && (!IsBeginningHeld || IsEverySocketBusy)) return NextHedge(now);
        var urgent = NextDemand(now) ?? NextHead(now) ?? NextFirst(now) ?? NextHedge(now);
        if (urgent is not null) return urgent;
        // While the head is on its way, more of what is shown first comes beside it, but only from servers that have nothing to do with it.
        return IsHeadHeld || servers.HasIdle ? NextHint(now) ?? NextReadAhead(now) : null;
    }

    /// <summary>An answer has begun.</summary>
    public void Answered(Piece piece, TimeSpan now)
    {
        piece.Answered ??= now;
        piece.LastProgress = now;
        var after = now - piece.Started;
        piece.Server.RoundTrip.Measured(after);
        piece.Server.Queue.Answered(after, piece.Server.RoundTrip.Shortest ?? after, _rate.BytesPerSecond(now) >= EnoughBytesPerSecond);
    }

    /// <summary>Bytes of a piece have arrived.</summary>
    public void Progressed(Piece piece, int bytes, TimeSpan now)
    {
        piece.LastProgress = now;
        piece.Received += bytes;
        piece.Server.Received(piece, bytes, now);
        _rate.Add(bytes, now);
        sockets.Received(bytes);
    }

    /// <summary>The piece's next segment is here, checked. False when another server was faster.</summary>
    public bool Arrived(Piece piece)
    {
        var segment = piece.Next++;
        Release(segment);
        return Hold(segment);
    }

    /// <summary>Whether nothing of what a piece still has to bring is missing any more.</summary>
    public bool IsObsolete(Piece piece)
    {
        for (var segment = piece.Next; segment < piece.End; segment++)
        {
            if (!IsHeld(segment)) return false;
        }

        return true;
    }

    /// <summary>
    /// Read-ahead that nobody will come to any more, since its reader went elsewhere or left, and of which so much is still to come that what is wanted now would have to queue behind it. To be given up.
    /// </summary>
    public IEnumerable<Piece> Abandoned() => _readers.Count == 0 || FetchesAll
        ? []
        : _pieces.Where(piece => piece is { Reason: PieceReason.ReadAhead, Position: not null } && piece.Bytes - piece.Received > WorthAbandoning && !_readers.Exists(reader => IsAhead(reader, piece)));

    /// <summary>Told now and then: how many sockets are used follows from what they bring, and one that brings too little gives back what others can bring sooner.</summary>
    public void Tick(TimeSpan now)
    {
        sockets.Tick(now, allBusy: _pieces.Count >= Sockets - 1 && IsHeadHeld, servers.ShortestRoundTrip ?? default);
        foreach (var piece in _pieces.Where(piece => SlowConnection.Brings(piece, now))) Cut(piece);
    }

    /// <summary>A piece ended: whole, given up (no fault), or by its server's fault, which is left then.</summary>
    public void Ended(Piece piece, ServerFault? fault, TimeSpan now)
    {
        var concurrent = piece.Server.InFlight;
        _pieces.Remove(piece);
        piece.Server.InFlight--;
        piece.Server.InFlightBytes -= piece.Bytes - piece.Received;
        for (var segment = piece.Next; segment < piece.End; segment++) Release(segment);
        // One connection that starves while others of the same server deliver is a crowded way, not a dead server.
        if (fault is ServerFault.Silent && _pieces.Exists(other => other.Server == piece.Server && other.LastProgress > piece.LastProgress && other.Received > 0)) return;
        if (fault is { } failed) servers.Failed(piece.Server, failed, now);
        else if (piece.Next == piece.End && piece.Answered is { } answered) piece.Server.Delivered(piece.Bytes, piece.Started, now - answered, concurrent);
    }

    private void Cut(Piece piece)
    {
        var rest = StoredLength(piece.Next + 1, piece.End - piece.Next - 1);
        for (var segment = piece.Next + 1; segment < piece.End; segment++) Release(segment);
        piece.Server.InFlightBytes -= rest;
        piece.Cut(rest);
    }

    private Piece? NextDemand(TimeSpan now)
    {
        foreach (var reader in Waiting())
        {
            var segment = map.Locate(reader.Position).Segment;
            // One segment only: the rest of what the reader wants is read-ahead, which comes after the head.
            if (_states[segment] == 0) return Ask(now, segment, 1, PieceReason.Demand, ways: Ways);
        }

        return null;
    }

    private Piece? NextHead(TimeSpan now)
    {
        if (IsHeadHeld) return null;
        var first = Array.IndexOf(_states, (byte)0, 0, map.HeadCount);
        if (first < 0) return null;
        var (most, ways) = HeadPieces.Of(map.HeadCount - _headHeld + _first.Count(segment => _states[segment] == 0), Connections, UrgentWays.Most(servers.InUse));
        return Ask(now, first, RunLength(first, most), PieceReason.Head, ways: ways);
    }

    // A demuxer that has the head wants the next bytes at once: they come with it.
    private Piece? NextFirst(TimeSpan now)
    {
        foreach (var segment in _first)
        {
            if (_states[segment] == 0) return Ask(now, segment, 1, PieceReason.First, ways: _first.Length > 1 ? WaysInTurn : Ways);
        }

        return null;
    }

    private Piece? NextHint(TimeSpan now)
    {
        if (IsEverySocketBusy) return null;
        foreach (var segment in _hints)
        {
            if (_states[segment] == 0) return Ask(now, segment, 1, PieceReason.Hint);
        }

        return null;
    }

    private Piece? NextReadAhead(TimeSpan now)
    {
        // One socket stays free for what a reader will wait for.
        var isBusy = IsEverySocketBusy || _pieces.Count(piece => piece.Reason is PieceReason.ReadAhead) >= Math.Max(1, Sockets - 1);
        var isBusyInFront = isBusy && ConnectionsInUse >= Connections - 1;
        foreach (var reader in ReadersAhead())
        {
            var end = EndOfWindow(reader);
            if (FirstMissing(reader, end) is not { } position) continue;
            var isInFront = position < reader.AimedAt + AheadSizes.InFrontBytes;
            if (isInFront ? isBusyInFront : isBusy) continue;
            var read = reader.Position - reader.AimedAt;
            var products = AheadSizes.Products(_rate.BytesPerSecond(now), servers.ShortestRoundTrip ?? default, read);
            if (!servers.TryChoose(now, PartLayout.SegmentSize, PieceReason.ReadAhead, products, [], out var server)) return null;
            if (isInFront) return Ask(server, now, map.Locate(position).Segment, 1, PieceReason.ReadAhead, position, WaysInFront);
            var most = AheadSizes.Segments(server.OnTheWay(products), server.InFlightBytes, map.Length - position, Sockets - 1, servers.InUse);
            var (first, count) = RunInPlayOrder(position, end, most);
            return Ask(server, now, first, count, PieceReason.ReadAhead, position);
        }

        return null;
    }

    private Piece? NextHedge(TimeSpan now)
    {
        if (_pieces.Count >= Sockets + HedgeSockets) return null;
        foreach (var reader in Waiting())
        {
            var segment = map.Locate(reader.Position).Segment;
            if (Hedge(now, segment, reader.WaitingSince!.Value) is { } piece) return piece;
        }

        for (var segment = 0; segment < map.HeadCount && !IsHeadHeld; segment++)
        {
            if (!IsHeld(segment) && Hedge(now, segment, TimeSpan.Zero) is { } piece) return piece;
        }

        if (!FetchesAll) return null;
        foreach (var reader in ReadersAhead())
        {
            if (reader.HeldUntil < map.Length && Hedge(now, map.Locate(reader.HeldUntil).Segment, TimeSpan.Zero, PieceReason.Demand) is { } piece) return piece;
        }

        return null;
    }

    private Piece? Hedge(TimeSpan now, int segment, TimeSpan waitingSince, PieceReason? reason = null)
    {
        // In flight once: twice is enough, and what is not in flight at all is demand, not a hedge.
        if (_states[segment] != 1 || _pieces.Find(piece => piece.Contains(segment) && segment >= piece.Next) is not { } late) return null;
        var hedge = IsLate(late, segment, waitingSince, now) ? Ask(now, segment, 1, reason ?? late.Reason, others: late.Server.Server.Id) : null;
        // With nobody else to ask, it is here over other connections before its own has sent again what was lost.
        if (hedge is null && servers.InUse == 1 && late.Server.IsInUse && late.Server.HasOvertaken(late, now)) hedge = Ask(late.Server, now, segment, 1, reason ?? late.Reason, ways: Ways, isHedge: true);
        if (hedge is not null) Hedges++;
        return hedge;
    }

    private bool IsLate(Piece piece, int segment, TimeSpan waitingSince, TimeSpan now)
    {
        var server = piece.Server;
        var shared = Math.Max(1, server.InFlight);
        var silence = server.RoundTrip.HedgeDelay(server.ExpectedTransfer(map.StoredLength(segment) * (long)shared));
        if (now - piece.LastProgress > silence) return true;
        var upToSegment = server.RoundTrip.HedgeDelay(server.ExpectedTransfer((long)(segment - piece.First + 1) * PartLayout.SegmentSize * shared));
        var since = waitingSince > piece.Started ? waitingSince : piece.Started;
        return now - since > upToSegment * 2;
    }

    private IEnumerable<ReadPoint> Waiting() =>
        _readers.Where(reader => reader.WaitingSince is not null).OrderByDescending(reader => reader.Order);

    private IEnumerable<ReadPoint> ReadersAhead()
    {
        var readers = _readers.OrderByDescending(reader => reader.Order);
        return _expected is null || (_readers.Count > 0 && !FetchesAll) ? readers : readers.Append(_expected);
    }

    private long EndOfWindow(ReadPoint reader) => Math.Min(map.Length, Math.Min(reader.Position + WindowBytes, ReadAheadLimit ?? long.MaxValue));

    // The first byte of the original, from the reader on, that is neither here nor in flight.
    private long? FirstMissing(ReadPoint reader, long end)
    {
        var held = true;
        for (var position = reader.HeldUntil; position < end;)
        {
            var run = map.Locate(position);
            if (_states[run.Segment] == 0) return position;
            position += run.Length;
            held &= IsHeld(run.Segment);
            if (held) reader.HeldUntil = position;
        }

        return null;
    }

    private (int First, int Count) RunInPlayOrder(long position, long end, int most)
    {
        var run = map.Locate(position);
        var first = run.Segment;
        var available = RunLength(first, most);
        var last = first;
        while (last - first + 1 < available && (position += run.Length) < end)
        {
            run = map.Locate(position);
            if (run.Segment == last + 1) last++;
            else if (run.Segment != last) break;
        }

        return (first, last - first + 1);
    }

    private int RunLength(int first, int most)
    {
        var part = map.PartOf(first);
        var end = Math.Min(first + most, map.FirstSegment(part) + map.Part(part).Layout.SegmentCount);
        var next = first + 1;
        while (next < end && _states[next] == 0) next++;
        return next - first;
    }

    private Piece? Ask(TimeSpan now, int first, int count, PieceReason reason, int ways = 1, params ServerId[] others) =>
        servers.TryChoose(now, StoredLength(first, count), reason, AheadSizes.MostProducts, others, out var server) ? Ask(server, now, first, count, reason, ways: ways, isHedge: others.Length > 0) : null;

    private Piece Ask(ServerEntry server, TimeSpan now, int first, int count, PieceReason reason, long? position = null, int ways = 1, bool isHedge = false)
    {
        var bytes = StoredLength(first, count);
        var piece = new Piece(server, first, count, reason, isHedge, bytes, now) { Position = position, Ways = Math.Min(ways, UrgentWays.WorthIt(bytes)) };
        _pieces.Add(piece);
        server.InFlight++;
        server.InFlightBytes += bytes;
        for (var segment = first; segment < piece.End; segment++) _states[segment]++;
        return piece;
    }

    private long StoredLength(int first, int count)
    {
        var bytes = 0L;
        for (var segment = first; segment < first + count; segment++) bytes += map.StoredLength(segment);
        return bytes;
    }

    private bool IsAhead(ReadPoint reader, Piece piece) => piece.Position + piece.Bytes > reader.Position && piece.Position < reader.Position + WindowBytes;

    private void Release(int segment) => _states[segment]--;
}
