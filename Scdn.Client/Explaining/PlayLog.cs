using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Explaining;

/// <summary>
/// What happened in a play, from the moment when it was asked for: the network manager notes what it did, and whoever shows the picture notes when it moved and when it stood still; a stall is put together with the reads that waited meanwhile. What goes well leaves no trace, and there are only so
/// many events: those of the beginning and the latest are kept. Thread-safe.
/// </summary>
public sealed class PlayLog
{
    /// <summary>A shorter wait is nothing that anybody sees: a frame at 25 frames a second.</summary>
    internal static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(40);

    /// <summary>Once the picture is there, stalls tell what a wait cost: only long ones are worth an event.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMilliseconds(250);

    /// <summary>So much later than its bytes a frame may be there.</summary>
    private static readonly TimeSpan DecodingTakes = TimeSpan.FromMilliseconds(150);

    /// <summary>Who reads on after a server was left may still miss what it would have brought.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    /// <summary>Who is slow again so soon is slow still; who is silent is so until it sends something.</summary>
    private static readonly TimeSpan StillLate = TimeSpan.FromSeconds(5);

    private const int MostFirst = 60;
    private const int MostLatest = PlayReport.MostEvents - MostFirst;
    private const int MostWaits = 32;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly DateTimeOffset _asked;
    private readonly List<PlayEntry> _first = [];
    private readonly Queue<PlayEntry> _latest = [];
    private readonly Queue<ReadWait> _waits = [];
    private readonly Dictionary<string, PlayEntry> _left = [];
    private readonly Dictionary<string, PlayEntry> _late = [];
    // No tuples: their lists are compiled only when they are first used, while a viewer waits.
    private readonly Dictionary<string, NamedServer> _servers = [];
    private readonly List<Stall> _stalls = [];
    private TimeSpan _granted;
    private TimeSpan? _firstFrame;
    private TimeSpan? _began;
    private TimeSpan? _firstByte;
    private TimeSpan _waited;
    private TimeSpan _stalled;
    private int _stallCount;
    private PlayEntry? _end;
    private string? _error;
    private int _dropped;

    /// <summary>Begins now.</summary>
    /// <param name="time">The clock of all who note something here.</param>
    public PlayLog(TimeProvider time) => (_time, _startedAt, _asked) = (time, time.GetTimestamp(), time.GetUtcNow());

    /// <summary>What shows the play.</summary>
    public string Player { get; init; } = "program";

    /// <summary>How long ago the play was asked for.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_startedAt);

    /// <summary>Rises with each event.</summary>
    internal int Changes { get; private set; }

    /// <summary>The decoder was started.</summary>
    public void DecoderStarted() => Add(new(Elapsed, PlayEventKind.Decoder));

    /// <summary>The first frame is there.</summary>
    public void FirstFrame()
    {
        lock (_gate)
        {
            if (_firstFrame is not null) return;
            _firstFrame = Elapsed;
            Add(new(Elapsed, PlayEventKind.FirstFrame));
        }
    }

    /// <summary>The picture begins to move.</summary>
    public void Began()
    {
        lock (_gate)
        {
            if (_began is not null) return;
            _began = Elapsed;
            Add(new(Elapsed, PlayEventKind.Began));
        }
    }

    /// <summary>The picture has stood still, and moves again now: for want of the next frame, not because the viewer wanted it.</summary>
    /// <param name="place">Where in the content.</param>
    /// <param name="lasted">How long.</param>
    public void Stalled(TimeSpan place, TimeSpan lasted)
    {
        lock (_gate)
        {
            var from = Elapsed - lasted;
            var wait = WaitOf(from, lasted);
            _stallCount++;
            _stalled += lasted;
            if (_stalls.Count < PlayReport.MostEvents) _stalls.Add(new(wait, lasted));
            Add(new(from, PlayEventKind.Stalled) { Place = place, Lasted = lasted, Wait = wait, Fault = wait is null ? PlayFault.Decoder : null });
        }
    }

    /// <summary>The viewer goes elsewhere.</summary>
    public void Seeked(TimeSpan from, TimeSpan to) => Add(new(Elapsed, PlayEventKind.Seeked) { Place = from, To = to });

    /// <summary>It is over. The first word counts.</summary>
    /// <param name="error">Why it broke off; null: it did not.</param>
    public void Ended(string? error)
    {
        lock (_gate)
        {
            if (_end is not null) return;
            _error = error is null ? null : Bounded(error);
            Add(_end = new(Elapsed, PlayEventKind.Ended) { Detail = _error });
        }
    }

    /// <summary>The site has allowed it.</summary>
    internal void Granted(IReadOnlyList<NamedServer> servers)
    {
        lock (_gate)
        {
            _granted = Elapsed;
            Add(new(TimeSpan.Zero, PlayEventKind.Granted) { Lasted = _granted, Servers = Know(servers) });
        }
    }

    /// <summary>The site has named servers anew.</summary>
    internal void Renewed(IReadOnlyList<NamedServer> servers)
    {
        lock (_gate) Add(new(Elapsed, PlayEventKind.Renewed) { Servers = Know(servers) });
    }

    /// <summary>The site has named none.</summary>
    internal void NotRenewed(string why) => Add(new(Elapsed, PlayEventKind.NotRenewed) { Detail = Bounded(why) });

    /// <summary>A byte of a part is here.</summary>
    internal void FirstByte(string server)
    {
        lock (_gate)
        {
            if (_firstByte is not null) return;
            _firstByte = Elapsed;
            Add(new(Elapsed, PlayEventKind.FirstByte) { Server = server });
        }
    }

    /// <summary>A server was left. What it was to bring is waited for until <see cref="Replaced"/>.</summary>
    internal PlayEntry Left(string server, PlayFault fault, TimeSpan since)
    {
        lock (_gate)
        {
            var entry = new PlayEntry(Elapsed, PlayEventKind.Left) { Server = server, Fault = fault, Since = since };
            _left[server] = entry;
            Add(entry);
            // Who had to wait for it before it was known why.
            foreach (var wait in _waits.Where(wait => wait.Server == server && (wait.To is null || wait.To >= since))) wait.Blame(entry);
            return entry;
        }
    }

    /// <summary>The last time that a server was left, as long as it is not used again.</summary>
    internal PlayEntry? LeftBefore(string server)
    {
        lock (_gate) return _left.GetValueOrDefault(server);
    }

    /// <summary>A server that was left failed once more.</summary>
    internal void FailedAgain(PlayEntry left)
    {
        lock (_gate) left.Count++;
    }

    /// <summary>A server was late, and another is asked for the same.</summary>
    internal PlayEntry Late(string server, string other, PlayFault fault, TimeSpan since)
    {
        lock (_gate)
        {
            if (_late.TryGetValue(server, out var known) && known.Fault == fault && (fault is PlayFault.Silent ? since <= known.Again : Elapsed - known.Again < StillLate))
            {
                known.Count++;
                known.Again = Elapsed;
                return known;
            }

            var entry = new PlayEntry(Elapsed, PlayEventKind.Late) { Server = server, By = other, Fault = fault, Since = since, Again = Elapsed };
            _late[server] = entry;
            Add(entry);
            return entry;
        }
    }

    /// <summary>What a server had not brought is here from another.</summary>
    internal void Replaced(PlayEntry entry, string by)
    {
        lock (_gate)
        {
            if (entry.Lasted is not null || by == entry.Server) return;
            (entry.By, entry.Lasted) = (by, Elapsed - entry.Since!.Value);
        }
    }

    /// <summary>A server that was left has brought something again.</summary>
    internal void Back(string server)
    {
        lock (_gate)
        {
            if (_left.Remove(server)) Add(new(Elapsed, PlayEventKind.Back) { Server = server });
        }
    }

    /// <summary>A read begins to wait.</summary>
    internal ReadWait Waits(TimeSpan place)
    {
        lock (_gate)
        {
            var wait = new ReadWait(Elapsed, place);
            if (_waits.Count == MostWaits) _waits.Dequeue();
            _waits.Enqueue(wait);
            return wait;
        }
    }

    /// <summary>It is asked of a server, perhaps not of the first.</summary>
    internal void Asked(ReadWait wait, string server)
    {
        lock (_gate) wait.Server ??= server;
    }

    /// <summary>It waits for what a server did not bring.</summary>
    internal void Blame(ReadWait wait, PlayEntry entry)
    {
        lock (_gate) wait.Blame(entry);
    }

    /// <summary>It has waited.</summary>
    /// <param name="wait">Of <see cref="Waits"/>.</param>
    /// <param name="by">Who brought it; null: nobody.</param>
    internal void Waited(ReadWait wait, string? by)
    {
        lock (_gate)
        {
            (wait.To, wait.By) = (Elapsed, by);
            var lasted = wait.To.Value - wait.From;
            if (lasted < ShortestWait) return;
            _waited += lasted;
            var recent = _left.Values.Where(left => left.At >= wait.From - Aftermath && left.At <= wait.To).MaxBy(left => left.At);
            if (wait.Fault is null && recent is not null) wait.Blame(recent);
            wait.Settle();
            if (_firstFrame is null || lasted >= LongWait) Add(new(wait.From, PlayEventKind.Waited) { Place = wait.Place, Lasted = lasted, Wait = wait });
        }
    }

    /// <summary>A read was given up.</summary>
    internal void GaveUp(string why) => Add(new(Elapsed, PlayEventKind.GaveUp) { Detail = Bounded(why) });

    /// <summary>All that is known now.</summary>
    internal PlayReport Report(ContentId content, Guid play, NetworkStatistics statistics)
    {
        lock (_gate)
        {
            var seesPicture = _firstFrame is not null;
            return new(
                content,
                play,
                Player,
                _asked,
                Milliseconds(_end?.At ?? Elapsed),
                _end is not null,
                _error,
                Milliseconds(_granted),
                _firstFrame is { } first ? Milliseconds(first) : null,
                _began is { } began ? Milliseconds(began) : null,
                seesPicture ? _stallCount : null,
                seesPicture ? Milliseconds(_stalled) : null,
                Milliseconds(_waited),
                statistics.Failovers,
                statistics.Hedges,
                statistics.CorruptSegments,
                statistics.RefusedRequests,
                statistics.Renewals,
                statistics.FetchedBytes,
                [.. _servers.Values.Take(PlayReport.MostServers).Select(server => ServerOf(server, statistics))],
                [.. _first.Concat(_latest).OrderBy(entry => entry.At).Select(entry => entry.Told())],
                _dropped);
        }
    }

    private static long Milliseconds(TimeSpan time) => (long)Math.Round(time.TotalMilliseconds);

    private static string Bounded(string text) => text.Length <= PlayReport.LongestText ? text : $"{text[..(PlayReport.LongestText - 1)]}…";

    private PlayServer ServerOf(NamedServer server, NetworkStatistics statistics)
    {
        var name = server.Name;
        var stalls = _stalls.Where(stall => stall.Wait?.Server == name).ToList();
        return new(
            name, server.Id, statistics.BytesByServer.GetValueOrDefault(name), statistics.FailoversByServer.GetValueOrDefault(name), stalls.Count, Milliseconds(stalls.Aggregate(TimeSpan.Zero, (sum, stall) => sum + stall.Lasted)));
    }

    private List<string> Know(IReadOnlyList<NamedServer> servers)
    {
        foreach (var server in servers) _servers[server.Name] = server;
        return [.. servers.Select(server => server.Name)];
    }

    /// <summary>The longest wait that was over when, or shortly before, the picture moved again.</summary>
    private ReadWait? WaitOf(TimeSpan from, TimeSpan lasted)
    {
        var least = lasted / 2 < ShortestWait ? lasted / 2 : ShortestWait;
        return _waits.Where(wait => (wait.To ?? Elapsed) >= from - DecodingTakes && Length(wait) >= least).MaxBy(Length);

        TimeSpan Length(ReadWait wait) => (wait.To ?? Elapsed) - wait.From;
    }

    private void Add(PlayEntry entry)
    {
        lock (_gate)
        {
            Changes++;
            if (_first.Count < MostFirst)
            {
                _first.Add(entry);
                return;
            }

            if (_latest.Count == MostLatest)
            {
                _latest.Dequeue();
                _dropped++;
            }

            _latest.Enqueue(entry);
        }
    }

    private sealed record Stall(ReadWait? Wait, TimeSpan Lasted);
}

/// <summary>A server that a play may be fetched from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id; null for a mirror.</param>
internal sealed record NamedServer(string Name, ServerId? Id);
