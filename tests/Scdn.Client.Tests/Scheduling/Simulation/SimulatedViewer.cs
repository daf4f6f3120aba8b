using System.Collections.Immutable;
using Scdn.Client.Scheduling;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Tests.Scheduling.Simulation;

/// <summary>A viewer's client: fetches by the real scheduler over simulated lines, and reads as fast as it can.</summary>
internal sealed class SimulatedViewer
{
    private const int Segment = PartLayout.SegmentSize;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly SimulatedTime _time;
    private readonly FetchScheduler _scheduler;
    private readonly SegmentMap _map;
    private readonly ReadPoint _reader;
    private readonly Dictionary<Uri, SimulatedLine> _lines;
    private readonly Dictionary<SimulatedLine, Stack<SimulatedConnection>> _idle;
    private readonly Dictionary<Piece, List<SimulatedConnection>> _busy = [];
    private int _connecting;

    /// <param name="time">Its clock.</param>
    /// <param name="lines">From each server.</param>
    /// <param name="length">Of the content.</param>
    /// <param name="connections">To each server, made while the viewer looks at the list.</param>
    /// <param name="enough">With so many bytes a second it is in no hurry.</param>
    public SimulatedViewer(SimulatedTime time, IReadOnlyList<SimulatedLine> lines, long length, int connections, double enough = double.PositiveInfinity)
    {
        _time = time;
        var ranking = lines.Select((_, number) => new RankedServer(ServerId.New(), $"s{number}", new($"http://s{number}"))).ToList();
        _lines = ranking.Zip(lines).ToDictionary(pair => pair.First.Uri, pair => pair.Second);
        _idle = lines.ToDictionary(line => line, _ => new Stack<SimulatedConnection>());
        var board = new ServerBoard(ranking);
        foreach (var (entry, line) in board.Entries.Zip(lines)) entry.RoundTrip.Measured(line.RoundTrip);
        _map = new(Film(length));
        _scheduler = new(_map, board, new SocketCount(new NetworkOptions())) { WindowBytes = 15_000_000, EnoughBytesPerSecond = enough };
        _reader = _scheduler.AddReader(0);
        foreach (var line in lines.SelectMany(line => Enumerable.Repeat(line, connections))) Connect(line);
    }

    public bool IsConnected => _connecting == 0;

    /// <summary>Where it reads.</summary>
    public long Read => _reader.Position;

    public bool IsAtEnd => _reader.Position >= _map.Length;

    /// <summary>Bytes that came.</summary>
    public long Received { get; private set; }

    /// <summary>Connections that were given up for being slow.</summary>
    public int GivenUp { get; private set; }

    /// <summary>Lets time go on until a condition holds, and returns how long that took.</summary>
    public TimeSpan RunUntil(Func<bool> holds)
    {
        var began = _time.Now;
        _time.RunUntil(holds);
        return _time.Now - began;
    }

    public void Start()
    {
        Dispatch();
        Watch();
    }

    /// <summary>Begins elsewhere: what is needed there before anything is shown is known from the start.</summary>
    public void StartAt(long position, long needed)
    {
        _scheduler.Hint(new(position, needed), needed);
        _scheduler.Aim(_reader, position);
        Start();
    }

    /// <summary>Goes elsewhere, as when its viewer seeks.</summary>
    public void Jump(long position)
    {
        _scheduler.Aim(_reader, position);
        foreach (var piece in _scheduler.Abandoned().ToList())
        {
            foreach (var connection in _busy[piece]) connection.Close();
            End(piece);
        }

        Dispatch();
    }

    private static ImmutableArray<ManifestPart> Film(long length)
    {
        var parts = ImmutableArray.CreateBuilder<ManifestPart>();
        const long size = 128 * Segment;
        parts.Add(new(PartId.New(), PartKind.Head, Encrypted: true, [new(0, 2 * Segment)]));
        for (long at = 2 * Segment; at < length; at += size) parts.Add(new(PartId.New(), PartKind.Data, Encrypted: true, [new(at, Math.Min(size, length - at))]));
        return parts.ToImmutable();
    }

    private void Connect(SimulatedLine line)
    {
        var connection = new SimulatedConnection(line);
        _connecting++;
        connection.Ask(200, _ =>
        {
            _connecting--;
            _idle[line].Push(connection);
        });
    }

    private void Watch() => _time.After(Tick, () =>
    {
        _scheduler.Tick(_time.Now);
        Dispatch();
        Watch();
    });

    private void Dispatch()
    {
        while (!IsAtEnd && _map.Locate(_reader.Position) is var run && _scheduler.IsHeld(run.Segment))
        {
            FetchScheduler.Advance(_reader, run.Length);
            _reader.WaitingSince = null;
        }

        if (!IsAtEnd) _reader.WaitingSince ??= _time.Now;
        while (_scheduler.Next(_time.Now) is { } piece) Ask(piece);
    }

    private void Ask(Piece piece)
    {
        _busy.Add(piece, []);
        var share = (piece.Bytes + piece.Ways - 1) / piece.Ways;
        var shares = piece.Ways;
        for (var at = 0L; at < piece.Bytes; at += share)
        {
            AskShare(piece, Math.Min(share, piece.Bytes - at), () =>
            {
                if (--shares > 0) return;
                while (piece.Next < piece.End) _scheduler.Arrived(piece);
                End(piece);
            });
        }
    }

    private void AskShare(Piece piece, long bytes, Action whole)
    {
        var line = _lines[piece.Server.Server.Uri];
        var connection = _idle[line].TryPop(out var idle) ? idle : new(line);
        _busy[piece].Add(connection);
        var got = 0L;
        connection.Ask(bytes, received =>
        {
            if (got == 0) _scheduler.Answered(piece, _time.Now);
            got += received;
            Received += received;
            _scheduler.Progressed(piece, received, _time.Now);
            while (piece.Ways == 1 && piece.Next < piece.End && got >= (long)(piece.Next - piece.First + 1) * _map.StoredLength(piece.First)) _scheduler.Arrived(piece);
            if (got == bytes)
            {
                _idle[line].Push(connection);
                whole();
            }
            else if (piece.Next == piece.End)
            {
                GivenUp++;
                connection.Close();
                End(piece);
            }

            Dispatch();
        });
    }

    private void End(Piece piece)
    {
        _busy.Remove(piece);
        _scheduler.Ended(piece, null, _time.Now);
    }
}
