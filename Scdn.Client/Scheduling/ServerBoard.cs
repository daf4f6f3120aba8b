using System.Diagnostics.CodeAnalysis;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Client.Scheduling;

/// <summary>
/// Knows all servers, and mirrors beside them, and picks one for each piece: the one that will have delivered it first. One that failed is left at once and tried again
/// with a single piece when its pause is over.
/// </summary>
internal sealed class ServerBoard
{
    /// <summary>With nobody else left, even a server in its pause is asked again after this, times its failures.</summary>
    private static readonly TimeSpan DesperatePause = TimeSpan.FromMilliseconds(200);

    /// <summary>An idle server that takes no longer than this is worth using, whatever the others do.</summary>
    private const double IdleSeconds = 0.25;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A server in use that was not asked for so long is asked for a piece of read-ahead: it may have been slow for a moment only, and what is known of it never
    /// gets better while nobody asks.
    /// </summary>
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(1);

    private readonly List<ServerEntry> _entries = [];
    private readonly IReadOnlyList<Uri> _ownMirrors;
    private readonly Dictionary<string, int> _failovers = [];

    /// <param name="ranking">The content servers, best first.</param>
    /// <param name="ownMirrors">Mirrors that stay whatever the site says.</param>
    /// <param name="namedMirrors">Mirrors that the site names.</param>
    public ServerBoard(IReadOnlyList<RankedServer> ranking, IReadOnlyList<Uri>? ownMirrors = null, IReadOnlyList<Uri>? namedMirrors = null)
    {
        _ownMirrors = ownMirrors ?? [];
        Rank(ranking, namedMirrors);
    }

    public IReadOnlyList<ServerEntry> Entries => _entries;

    /// <summary>Times that a server which was in use had to be left.</summary>
    public int Failovers { get; private set; }

    /// <summary>The same of each server, by its name.</summary>
    public IReadOnlyDictionary<string, int> FailoversByServer => new Dictionary<string, int>(_failovers);

    /// <summary>Whether no content server is in use: a new ranking may know others. A mirror is no reason not to ask: it gives parts to anybody, also when the site would not.</summary>
    public bool IsExhausted => _entries.TrueForAll(entry => entry.IsMirror || !entry.IsInUse);

    /// <summary>Whether no content server is in use, but a mirror: then there is time.</summary>
    public bool IsCarriedByMirror => IsExhausted && _entries.Exists(entry => entry is { IsMirror: true, IsInUse: true });

    /// <summary>Whether a server in use has nothing to do.</summary>
    public bool HasIdle => _entries.Exists(entry => entry.IsInUse && entry.InFlight == 0);

    /// <summary>How many servers are in use.</summary>
    public int InUse => _entries.Count(entry => entry.IsInUse);

    /// <summary>The shortest way to any server; null before the first measurement.</summary>
    public TimeSpan? ShortestRoundTrip => _entries.Min(entry => entry.RoundTrip.Shortest);

    /// <summary>Takes a new ranking, and what mirrors the site names now. What is known of those that stay is kept.</summary>
    public void Rank(IReadOnlyList<RankedServer> ranking, IReadOnlyList<Uri>? namedMirrors = null)
    {
        foreach (var entry in _entries) entry.Dropped = true;
        for (var rank = 0; rank < ranking.Count; rank++)
        {
            var known = _entries.Find(entry => entry.Server.Id == ranking[rank].Id);
            if (known is null)
            {
                _entries.Add(new(ranking[rank], rank));
                continue;
            }

            // It answers elsewhere now: what it failed in was the old place.
            if (known.Server.Uri != ranking[rank].Uri) known.Forgive();
            (known.Server, known.Rank, known.Dropped) = (ranking[rank], rank, false);
        }

        RankMirrors(_ownMirrors.Union(namedMirrors ?? []), ranking.Count);
        _entries.RemoveAll(entry => entry.Dropped && entry.InFlight == 0);
    }

    /// <summary>Picks the server for a piece. False when all that are left are in their pause, or have enough to do for now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="bytes">How much will be asked for.</param>
    /// <param name="reason">Why: only what nobody waits for tries out a server again.</param>
    /// <param name="products">How many bandwidth-delay products of read-ahead are to be on their way from each.</param>
    /// <param name="others">Servers that are to be avoided, since they are asked already.</param>
    /// <param name="server">The server.</param>
    public bool TryChoose(TimeSpan now, long bytes, PieceReason reason, double products, IReadOnlyCollection<ServerId> others, [NotNullWhen(true)] out ServerEntry? server)
    {
        var candidates = _entries.Where(entry => !entry.Dropped && !others.Contains(entry.Server.Id)).ToList();
        var inUse = candidates.Where(entry => entry.IsInUse).ToList();
        // What nobody waits for would only take a share of a busy server's way from what is needed sooner.
        var free = inUse.FindAll(entry => !entry.IsBusyFor(reason, products));
        server = free.MinBy(entry => entry.ExpectedSeconds(bytes));
        if (server is not null && reason is PieceReason.ReadAhead) server = LeastFilled(server, free, bytes, products);
        // A pause is over: a single piece that nobody waits for shows whether the server is well again.
        var healed = candidates.Where(entry => entry.RetryAt <= now && entry.InFlight == 0).MinBy(entry => entry.RetryAt);
        if (healed is not null && (inUse.Count == 0 || reason is PieceReason.ReadAhead)) server = healed;
        else if (reason is PieceReason.ReadAhead && Idle(candidates, now) is { } idle) server = idle;
        if (inUse.Count == 0 && server is null && others.Count == 0)
            server = candidates.Where(entry => entry.InFlight == 0 && DesperateAt(entry) <= now).MinBy(DesperateAt);
        if (server is null) return false;
        server.AskedAt = now;
        return true;
    }

    /// <summary>Leaves a server.</summary>
    public void Failed(ServerEntry server, ServerFault fault, TimeSpan now)
    {
        var first = fault switch
        {
            ServerFault.Lost or ServerFault.Silent => TimeSpan.FromMilliseconds(500),
            ServerFault.Busy => TimeSpan.FromSeconds(1),
            ServerFault.Missing => TimeSpan.FromSeconds(2),
            ServerFault.Refused => TimeSpan.FromSeconds(5),
            _ => TimeSpan.FromSeconds(10),
        };
        if (!server.Failed(fault, now, first, LongestPause)) return;
        Failovers++;
        _failovers[server.Server.Name] = _failovers.GetValueOrDefault(server.Server.Name) + 1;
    }

    /// <summary>A new authentication key: who refused the old one may accept it.</summary>
    public void ForgiveRefusals()
    {
        foreach (var entry in _entries.Where(entry => entry.LastFault is ServerFault.Refused)) entry.Forgive();
    }

    // After all content servers, until it is known what they are worth.
    private void RankMirrors(IEnumerable<Uri> mirrors, int rank)
    {
        foreach (var mirror in mirrors)
        {
            var known = _entries.Find(entry => entry.IsMirror && entry.Server.Uri == mirror);
            if (known is null) _entries.Add(new(new(ServerId.New(), $"{mirror.Host}:{mirror.Port}", mirror), rank) { IsMirror = true });
            else (known.Rank, known.Dropped) = (rank, false);
            rank++;
        }
    }

    private static ServerEntry? Idle(List<ServerEntry> candidates, TimeSpan now) =>
        candidates.Find(entry => entry.IsInUse && entry.InFlight == 0 && now - entry.AskedAt >= LongestIdle);

    // Capacity that nothing uses costs nothing: read-ahead uses it although another server may be a little sooner, or all would come from the one that is best.
    private static ServerEntry LeastFilled(ServerEntry best, IEnumerable<ServerEntry> inUse, long bytes, double products)
    {
        var tolerable = Math.Max(IdleSeconds, best.ExpectedSeconds(bytes) * 4);
        return inUse.Where(entry => entry.ExpectedSeconds(bytes) <= tolerable).MinBy(entry => entry.Fill(products)) ?? best;
    }

    private static TimeSpan DesperateAt(ServerEntry entry)
    {
        var soon = entry.FailedAt + (DesperatePause * Math.Min(entry.Failures, 25));
        return entry.RetryAt is { } retry && retry < soon ? retry : soon;
    }
}
