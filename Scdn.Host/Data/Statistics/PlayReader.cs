using System.Data.Common;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Host.Data.Statistics;

/// <summary>Reads plays, the newest first, with what their players told, and what content servers answered them.</summary>
internal sealed class PlayReader(IStoreReader store)
{
    private const string Columns = "session, content, play";

    /// <summary>Those whose ids, or whose sessions' ids, lie between two.</summary>
    public Task<IReadOnlyList<StoredPlay>> BetweenAsync(Guid first, Guid last, int limit, CancellationToken cancel) =>
        FindAsync("(play >= $1 AND play <= $2) OR (session >= $1 AND session <= $2)", [first, last], limit, cancel);

    /// <summary>A user's that players told of, and those of sessions of his.</summary>
    public async Task<IReadOnlyList<StoredPlay>> OfUserAsync(string user, IReadOnlyList<SessionId> sessions, int limit, CancellationToken cancel)
    {
        var found = new List<StoredPlay>();
        if (sessions.Count > 0) found.AddRange(await FindAsync($"session IN ({string.Join(", ", sessions.Select((_, place) => $"${place + 1}"))})", [.. sessions.Select(session => (object)session.Value)], limit, cancel));
        var told = await store.QueryAsync(
            new($"SELECT {Columns}, begun, account, at, report FROM reports WHERE account = $1 ORDER BY begun DESC LIMIT $2", [user, (long)limit]), Read, cancel);
        return [.. found.Concat(told).DistinctBy(play => (play.Session, play.Content, play.Play)).OrderByDescending(play => play.Begun).Take(limit)];
    }

    /// <summary>What content servers answered a user who asked for a content in a time, by key and server.</summary>
    public Task<IReadOnlyList<StoredService>> ServedAsync(ContentId content, string user, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => store.QueryAsync(
        new(
            """
            SELECT key, server, CAST(min(at - milliseconds) AS bigint), CAST(max(at) AS bigint), CAST(sum(requests) AS bigint), CAST(sum(bytes) AS bigint),
                CAST(sum(CASE WHEN status >= 400 THEN requests ELSE 0 END) AS bigint), CAST(sum(CASE WHEN complete THEN 0 ELSE 1 END) AS bigint)
            FROM records WHERE content = $1 AND account = $2 AND at >= $3 AND at < $4 GROUP BY key, server
            """,
            [content.Value, user, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds()]),
        reader => new StoredService(
            KeyId.From(reader.GetGuid(0)), ServerId.From(reader.GetGuid(1)), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)),
            reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7)),
        cancel);

    // Plays go after two days, and what was told of them is kept for longer.
    private Task<IReadOnlyList<StoredPlay>> FindAsync(string which, IReadOnlyList<object> arguments, int limit, CancellationToken cancel) => store.QueryAsync(
        new(
            $"""
            SELECT f.session, f.content, f.play, f.begun, coalesce(r.account, ''), coalesce(r.at, 0), coalesce(r.report, '')
            FROM (SELECT {Columns}, at AS begun FROM plays WHERE {which} UNION SELECT {Columns}, begun FROM reports WHERE {which}) AS f
            LEFT JOIN reports AS r ON r.session = f.session AND r.content = f.content AND r.play = f.play ORDER BY f.begun DESC LIMIT ${arguments.Count + 1}
            """,
            [.. arguments, (long)limit]),
        Read,
        cancel);

    private static StoredPlay Read(DbDataReader reader)
    {
        var report = reader.GetString(6);
        var told = report.Length > 0;
        return new(
            SessionId.From(reader.GetGuid(0)), ContentId.From(reader.GetGuid(1)), reader.GetGuid(2), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)),
            told ? reader.GetString(4) : null, told ? DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(5)) : null, told ? ToldPlay.Read(report) : null);
    }
}

/// <summary>A play as it is kept.</summary>
/// <param name="Session">In which session.</param>
/// <param name="Content">Of what.</param>
/// <param name="Play">Which.</param>
/// <param name="Begun">When it was counted.</param>
/// <param name="User">Whose; null: only its session knows.</param>
/// <param name="Told">When its player last told something; null: never.</param>
/// <param name="Report">What; null likewise.</param>
internal sealed record StoredPlay(SessionId Session, ContentId Content, Guid Play, DateTimeOffset Begun, string? User, DateTimeOffset? Told, PlayReport? Report);

/// <summary>What a content server answered who showed a key, as in <see cref="PlayServed"/>.</summary>
internal sealed record StoredService(KeyId Key, ServerId Server, DateTimeOffset First, DateTimeOffset Last, long Requests, long Bytes, long Refused, long CutOff);
