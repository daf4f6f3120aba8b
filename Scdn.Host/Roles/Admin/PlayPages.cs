using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.AuthKeys;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Manifests;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Data.Statistics;

namespace Scdn.Host.Roles.Admin;

/// <summary>Plays as operators see them: what the site granted, what content servers answered, and what the player told, put together.</summary>
internal sealed class PlayPages(IGrainStore store, SessionWalk sessions, PlayReader plays)
{
    /// <summary>More plays than these are not told at once.</summary>
    public const int MaxPlays = 100;

    private const int MaxSessions = 50;
    private const int KeysLookedAt = 500;

    /// <summary>What clocks of different machines may differ by, and how much sooner than the play its key may be there.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>Plays whose id, or whose session's id, lies between two; the newest first.</summary>
    public async Task<IReadOnlyList<PlaySummary>> BetweenAsync(Guid first, Guid last, int limit, CancellationToken cancel) => await SummariesAsync(await plays.BetweenAsync(first, last, limit, cancel), cancel);

    /// <summary>A user's plays, the newest first: of his last sessions, and those that players told of.</summary>
    public async Task<IReadOnlyList<PlaySummary>> OfUserAsync(string user, int limit, CancellationToken cancel)
    {
        var name = (await store.LoadAsync<UserState>(UserState.IdOf(user), cancel))?.State.Name ?? user;
        var latest = await sessions.AllAsync(name, after: null, cancel).Take(MaxSessions).Select(session => session.Id).ToListAsync(cancel);
        return await SummariesAsync(await plays.OfUserAsync(name, latest, limit, cancel), cancel);
    }

    /// <summary>All that is known of a play.</summary>
    public async Task<Outcome<PlayExplanation>> ExplainAsync(Guid id, CancellationToken cancel)
    {
        var found = (await plays.BetweenAsync(id, id, MaxPlays, cancel)).Where(one => one.Play == id).ToList();
        if (found.Count == 0) return Refusal.NotFound($"There is no play {id}, or it is too long ago.");
        var play = found[0];
        var session = await store.LoadAsync<SessionState>(SessionState.IdOf(play.Session), cancel);
        var summary = await SummaryAsync(play, cancel);
        var until = await NextOfSameAsync(play, cancel) ?? play.Begun + SessionGrain.MaxLifetime;
        var served = await plays.ServedAsync(play.Content, summary.User, play.Begun - Tolerance, until, cancel);
        var keys = await KeysAsync(play, until, served, cancel);
        return new PlayExplanation(
            summary,
            AskedAt(play),
            session?.State.Opened,
            [.. await Task.WhenAll(keys.OrderBy(key => key.Value.Issued).Select(async key => new PlayKey(key.Key, key.Value.Issued, key.Value.Expires, key.Value.Revoked, await NamesAsync(key.Value.Servers, cancel))))],
            await ServedAsync(served.Where(one => keys.ContainsKey(one.Key)), cancel),
            play.Report);
    }

    // The player's clock, unless it is wrong: then the play was asked for as long before it was counted as the site took.
    private static DateTimeOffset AskedAt(StoredPlay play)
    {
        if (play.Report is not { } report) return play.Begun;
        var reckoned = play.Begun - TimeSpan.FromMilliseconds(report.GrantMs);
        return (report.Asked - reckoned).Duration() <= TimeSpan.FromSeconds(2) + TimeSpan.FromMilliseconds(report.GrantMs) ? report.Asked : reckoned;
    }

    /// <summary>The keys that the play was given: those that its session got for the content from then on, until it began the content anew.</summary>
    private async Task<Dictionary<KeyId, AuthKeyState>> KeysAsync(StoredPlay play, DateTimeOffset until, IEnumerable<StoredService> served, CancellationToken cancel)
    {
        var keys = new Dictionary<KeyId, AuthKeyState>();
        // The first is among those that were issued just then, also when no server was asked for anything.
        var around = await store.ListBackAsync<AuthKeyState>(TimeOrder.Floor(play.Begun + Tolerance), KeysLookedAt, cancel);
        foreach (var stored in around)
        {
            if (KeyId.TryParse(stored.Id, out var id)) Take(id, stored.State);
        }

        foreach (var key in served.Select(one => one.Key).Distinct())
        {
            if (!keys.ContainsKey(key) && await store.LoadAsync<AuthKeyState>(AuthKeyState.IdOf(key), cancel) is { } stored) Take(key, stored.State);
        }

        return keys;

        void Take(KeyId id, AuthKeyState key)
        {
            if (key.Session == play.Session && key.Content == play.Content && key.Issued >= play.Begun - Tolerance && key.Issued < until) keys[id] = key;
        }
    }

    /// <summary>When the session began the same content again; null: it did not.</summary>
    private async Task<DateTimeOffset?> NextOfSameAsync(StoredPlay play, CancellationToken cancel)
    {
        var same = (await plays.BetweenAsync(play.Session.Value, play.Session.Value, MaxPlays, cancel)).Where(one => one.Content == play.Content && one.Begun > play.Begun).ToList();
        return same.Count > 0 ? same.Min(one => one.Begun) - TimeSpan.FromMilliseconds(same.MinBy(one => one.Begun)!.Report?.GrantMs ?? 0) : null;
    }

    private async Task<IReadOnlyList<PlayServed>> ServedAsync(IEnumerable<StoredService> served, CancellationToken cancel)
    {
        var told = new List<PlayServed>();
        foreach (var server in served.GroupBy(one => one.Server))
        {
            told.Add(new(
                server.Key, await NameAsync(server.Key, cancel), server.Min(one => one.First), server.Max(one => one.Last), server.Sum(one => one.Requests), server.Sum(one => one.Bytes), server.Sum(one => one.Refused), server.Sum(one => one.CutOff)));
        }

        return [.. told.OrderBy(server => server.First)];
    }

    private async Task<IReadOnlyList<PlaySummary>> SummariesAsync(IEnumerable<StoredPlay> found, CancellationToken cancel)
    {
        var told = new List<PlaySummary>();
        foreach (var play in found) told.Add(await SummaryAsync(play, cancel));
        return told;
    }

    private async Task<PlaySummary> SummaryAsync(StoredPlay play, CancellationToken cancel)
    {
        var user = play.User ?? (await store.LoadAsync<SessionState>(SessionState.IdOf(play.Session), cancel))?.State.User ?? "";
        var title = (await store.LoadAsync<ManifestState>(ManifestState.IdOf(play.Content), cancel))?.State.Title ?? "";
        return new(play.Play, play.Session, user, play.Content, title, play.Begun, play.Told, play.Report?.Stalls, play.Report?.StallMs, play.Report?.Failovers);
    }

    private async Task<IReadOnlyList<string>> NamesAsync(IEnumerable<ServerId> servers, CancellationToken cancel)
    {
        var names = new List<string>();
        foreach (var server in servers) names.Add(await NameAsync(server, cancel));
        return names;
    }

    private async Task<string> NameAsync(ServerId server, CancellationToken cancel) => (await store.LoadAsync<ContentServerState>(ContentServerState.IdOf(server), cancel))?.State.Name ?? server.ToString();
}
