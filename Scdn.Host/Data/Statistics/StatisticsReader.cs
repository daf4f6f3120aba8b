using System.Data.Common;
using System.Globalization;

namespace Scdn.Host.Data.Statistics;

/// <summary>
/// Reads statistics. What concerns one kind of things is taken from rows that are counted for all time, for days and for hours, so that a long time is no more work than a short one; what concerns several at once, from the finest rows.
/// </summary>
internal sealed class StatisticsReader(IStoreReader store)
{
    private const string Sums = "CAST(coalesce(sum(requests), 0) AS bigint), CAST(coalesce(sum(bytes), 0) AS bigint), CAST(coalesce(sum(errors), 0) AS bigint), CAST(coalesce(sum(plays), 0) AS bigint)";
    private const string Troubles = "CAST(coalesce(sum(stalls), 0) AS bigint), CAST(coalesce(sum(stall_ms), 0) AS bigint), CAST(coalesce(sum(failovers), 0) AS bigint)";
    private const int KeysAtOnce = 500;
    private const string Peak = "CAST(coalesce(max(sessions), 0) AS bigint)";
    private const string NoPeak = "CAST(0 AS bigint)";
    private const string Most = "ORDER BY 3 DESC, 5 DESC, 1";

    /// <summary>The rows: each with its content's or server's id, the user's name, or the hour's beginning in milliseconds since 1970.</summary>
    public Task<IReadOnlyList<(string Key, Counts Counts)>> RowsAsync(StatisticsQuery query, CancellationToken cancel) =>
        store.QueryAsync(!query.IsSimple ? FineRows(query) : query.By is StatisticsBy.Hour ? Hours(query) : Rows(query), reader => (reader.GetString(0), Read(reader)), cancel);

    /// <summary>What all rows have together, also those that are not told; sessions: the most that there were at once in all of them.</summary>
    public async Task<Counts> TotalAsync(StatisticsQuery query, CancellationToken cancel) => (await store.QueryAsync(query.IsSimple ? Total(query) : FineTotal(query), Read, cancel))[0];

    /// <summary>How long plays took until the picture moved, by the keys of rows: how many took how long. Nothing where servers are told apart, or several filters meet.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="keys">Of these rows; null: of all together, under the empty key.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<ILookup<string, (long Milliseconds, long Plays)>> StartsAsync(StatisticsQuery query, IReadOnlyList<string>? keys, CancellationToken cancel)
    {
        var found = new List<(string Key, long Milliseconds, long Plays)>();
        if (query.HasPlays && query.IsSimple)
        {
            foreach (var some in keys is null ? [[]] : keys.Chunk(KeysAtOnce))
                found.AddRange(await store.QueryAsync(Starts(query, keys is null ? null : some), reader => (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)), cancel));
        }

        return found.ToLookup(one => one.Key, one => (one.Milliseconds, one.Plays));
    }

    private static StoreQuery Starts(StatisticsQuery query, string[]? keys)
    {
        if (keys is not null && query.By is StatisticsBy.Hour)
        {
            var hours = keys.Select(key => (object)long.Parse(key, CultureInfo.InvariantCulture)).ToList();
            return new($"SELECT CAST(start AS text), milliseconds, plays FROM starts WHERE kind = $1 AND key = $2 AND span = '{Span.Hour}' AND start IN ({Places(3, hours.Count)})", [query.Kind, query.Key!, .. hours]);
        }

        var isOfAll = keys is null && query.Key is null;
        var (ranges, arguments) = Ranges(query, isOfAll ? UsageKind.All : query.Kind, "starts", "milliseconds, plays");
        string[] wanted = keys ?? [query.Key ?? ""];
        var first = arguments.Count + 1;
        arguments.AddRange(wanted);
        var name = keys is null ? "''" : "key";
        return new($"SELECT {name}, milliseconds, CAST(sum(plays) AS bigint) FROM ({ranges}) AS u WHERE key IN ({Places(first, wanted.Length)}) GROUP BY key, milliseconds", arguments);
    }

    private static string Places(int first, int count) => string.Join(", ", Enumerable.Range(first, count).Select(place => $"${place}"));

    private static StoreQuery Rows(StatisticsQuery query)
    {
        var (ranges, arguments) = Ranges(query, query.Kind);
        var of = query.Key is { } key ? Where(arguments, "key =", key) : "";
        return new($"SELECT key, {Sums}, {Peak}, {Troubles} FROM ({ranges}) AS u {of} GROUP BY key {Most} {Limit(arguments, query)}", arguments);
    }

    private static StoreQuery Total(StatisticsQuery query)
    {
        // All together when it is about each: the peak of all is not the sum of peaks.
        var (ranges, arguments) = Ranges(query, query.Key is null ? UsageKind.All : query.Kind);
        return new($"SELECT '', {Sums}, {Peak}, {Troubles} FROM ({ranges}) AS u {Where(arguments, "key =", query.Key ?? "")}", arguments);
    }

    private static StoreQuery Hours(StatisticsQuery query)
    {
        var (from, to) = Limits(query);
        var arguments = new List<object> { query.Kind, query.Key!, from, to };
        return new(
            $"SELECT CAST(start AS text), requests, bytes, errors, plays, sessions, stalls, stall_ms, failovers FROM usage WHERE kind = $1 AND key = $2 AND span = '{Span.Hour}' AND start >= $3 AND start < $4 ORDER BY start DESC {Limit(arguments, query)}",
            arguments);
    }

    private static StoreQuery FineRows(StatisticsQuery query)
    {
        var (where, arguments) = Fine(query);
        if (query.By is StatisticsBy.Content) where += And(arguments, "content <>", "");
        var (key, order) = query.By switch
        {
            StatisticsBy.Content => ("content", Most),
            StatisticsBy.Server => ("server", Most),
            StatisticsBy.User => ("account", Most),
            _ => ("hour", "ORDER BY hour DESC"),
        };
        return new($"SELECT CAST({key} AS text), {Sums}, {NoPeak}, {Troubles} FROM hourly WHERE {where} GROUP BY {key} {order} {Limit(arguments, query)}", arguments);
    }

    private static StoreQuery FineTotal(StatisticsQuery query)
    {
        var (where, arguments) = Fine(query);
        return new($"SELECT '', {Sums}, {NoPeak}, {Troubles} FROM hourly WHERE {where}", arguments);
    }

    private static (string Where, List<object> Arguments) Fine(StatisticsQuery query)
    {
        var (from, to) = Limits(query);
        var arguments = new List<object> { from, to };
        var where = "hour >= $1 AND hour < $2";
        if (query.Content is { } content) where += And(arguments, "content =", content.ToString());
        if (query.Server is { } server) where += And(arguments, "server =", server.ToString());
        else if (query.By is StatisticsBy.Server) where += And(arguments, "server <>", "");
        if (query.User is { } user) where += And(arguments, "account =", user);
        return (where, arguments);
    }

    /// <summary>The rows of a kind that make up the time asked for: all time, or whole days with the hours before and after them.</summary>
    private static (string Sql, List<object> Arguments) Ranges(StatisticsQuery query, string kind, string table = "usage", string columns = "requests, bytes, errors, plays, sessions, stalls, stall_ms, failovers")
    {
        var arguments = new List<object> { kind };
        var (from, to) = Limits(query);
        var parts = new List<string>();
        var (firstDay, lastDay) = (Span.Next(from, Span.DayLength), to == long.MaxValue ? to : Span.Begin(to, Span.DayLength));
        if (query.From is null && query.To is null)
        {
            Add(Span.Ever, 0, 1);
        }
        else if (firstDay < lastDay)
        {
            Add(Span.Hour, from, firstDay);
            Add(Span.Day, firstDay, lastDay);
            Add(Span.Hour, lastDay, to);
        }
        else
        {
            Add(Span.Hour, from, to);
        }

        return (string.Join(" UNION ALL ", parts), arguments);

        void Add(string span, long begin, long end)
        {
            if (begin >= end) return;
            arguments.AddRange([begin, end]);
            parts.Add($"SELECT key, {columns} FROM {table} WHERE kind = $1 AND span = '{span}' AND start >= ${arguments.Count - 1} AND start < ${arguments.Count}");
        }
    }

    private static (long From, long To) Limits(StatisticsQuery query) => (query.From?.ToUnixTimeMilliseconds() ?? 0, query.To?.ToUnixTimeMilliseconds() ?? long.MaxValue);

    private static string Where(List<object> arguments, string comparison, object value) => $"WHERE {Compare(arguments, comparison, value)}";

    private static string And(List<object> arguments, string comparison, object value) => $" AND {Compare(arguments, comparison, value)}";

    private static string Compare(List<object> arguments, string comparison, object value)
    {
        arguments.Add(value);
        return $"{comparison} ${arguments.Count}";
    }

    private static string Limit(List<object> arguments, StatisticsQuery query)
    {
        arguments.Add((long)query.Limit);
        return $"LIMIT ${arguments.Count}";
    }

    private static Counts Read(DbDataReader reader) => new(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8));
}
