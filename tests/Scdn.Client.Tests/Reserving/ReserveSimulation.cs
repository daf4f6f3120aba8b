using Scdn.Client.Reserving;
using Scdn.Format;

namespace Scdn.Client.Tests.Reserving;

/// <summary>A content that arrives in play order on a line of which every quarter of a second is told; no clock, no socket.</summary>
internal sealed class ReserveSimulation
{
    private const double Step = 0.25;

    private readonly List<int> _order;
    private readonly bool[] _held;
    private readonly ReadyTime _ready;
    private double _bytes;
    private double _line;

    public ReserveSimulation(Manifest manifest, TimeSpan at = default)
    {
        Map = new(manifest.Parts);
        Times = new(manifest);
        Plan = new(Map, Times, at, speed: 1);
        _ready = new(Plan);
        _held = new bool[Map.Count];
        _order = [.. Enumerable.Range(0, Map.HeadCount).Concat(Map.SegmentsOf(new(0, Map.Length)).Where(segment => segment >= Map.HeadCount))];
        ArrivedAt = new double[Map.Count];
    }

    public SegmentMap Map { get; }

    public PlayTimeMap Times { get; }

    public WatchPlan Plan { get; }

    /// <summary>Seconds that have passed.</summary>
    public double Now { get; private set; }

    /// <summary>When each segment came.</summary>
    public double[] ArrivedAt { get; }

    public bool[] Held => _held;

    public bool IsWhole => _held.All(held => held);

    public double Share => Plan.HeldBytes(_held) / (double)Plan.AllBytes;

    /// <summary>Seconds from now; null: not known.</summary>
    public double? Wait => _ready.Wait(_held)?.TotalSeconds;

    public bool IsStopped => _ready.IsStopped;

    /// <summary>A film of so many segments with a constant bit rate.</summary>
    public static Manifest Film(int segments, TimeSpan duration, params KeyFrame[] frames) => new()
    {
        Title = "Film",
        MediaType = "video/mp4",
        Container = "mov",
        Length = (long)segments * PartLayout.SegmentSize,
        Sha256 = [],
        Parts = [new ManifestPart(PartId.New(), PartKind.Data, Encrypted: true, [new(0, (long)segments * PartLayout.SegmentSize)])],
        Duration = duration,
        KeyFrames = [.. frames],
    };

    /// <summary>The same with its last segment as its head, as an index at the end is.</summary>
    public static Manifest WithHeadAtEnd(Manifest film)
    {
        var head = new ByteRange(film.Length - PartLayout.SegmentSize, PartLayout.SegmentSize);
        return film with { Parts = [new(PartId.New(), PartKind.Head, Encrypted: true, [head]), new(PartId.New(), PartKind.Data, Encrypted: true, [new(0, head.Offset)])] };
    }

    public void Hold(IEnumerable<int> segments)
    {
        foreach (var segment in segments) _held[segment] = true;
    }

    /// <summary>A quarter of a second of a line that brings so many bytes a second.</summary>
    public void Pass(double bytesPerSecond)
    {
        Now += Step;
        _line += bytesPerSecond * Step;
        _bytes += bytesPerSecond * Step;
        while (_order.FindIndex(segment => !_held[segment]) is >= 0 and var place && _bytes >= Map.StoredLength(_order[place]))
        {
            _bytes -= Map.StoredLength(_order[place]);
            _held[_order[place]] = true;
            ArrivedAt[_order[place]] = Now;
        }

        _ready.Tell((long)_line, TimeSpan.FromSeconds(Now));
    }

    /// <summary>Lets a line bring all of it, and notes what was promised at a quarter and when it said that it was ready; with what would have been right.</summary>
    public (double? AtQuarter, double Ready, double True) Run(Func<double, double> bytesPerSecond)
    {
        double? quarter = null, ready = null;
        while (!IsWhole)
        {
            Pass(bytesPerSecond(Now));
            if (ready is null && Wait is { } wait)
            {
                if (Share >= 0.25) quarter ??= Now + wait;
                if (wait == 0) ready = Now;
            }
        }

        return (quarter, ready ?? Now, EarliestStart());
    }

    /// <summary>The earliest start that would not have stalled: every byte was here when its play time came. By brute force, from what the manifest says.</summary>
    private double EarliestStart()
    {
        var earliest = 0.0;
        for (var position = 0L; position < Map.Length; position += PartLayout.SegmentSize / 4)
        {
            var segment = Map.Locate(position).Segment;
            var shown = segment < Map.HeadCount ? TimeSpan.Zero : Times.TimeAt(position);
            earliest = Math.Max(earliest, ArrivedAt[segment] - shown.TotalSeconds);
        }

        return earliest;
    }
}
