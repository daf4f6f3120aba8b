namespace Scdn.Host.Data.Statistics;

/// <summary>What a few records or plays add to the statistics: to the hour, the day and all time of everything that they concern, and to the hour of just this content, server and user.</summary>
internal sealed class UsageTally
{
    private readonly Dictionary<UsageRow, Counts> _usage = [];
    private readonly Dictionary<HourlyRow, Counts> _hourly = [];

    /// <summary>In one order for all hosts, so that they don't wait for each other crosswise.</summary>
    public IEnumerable<KeyValuePair<UsageRow, Counts>> Usage =>
        _usage.OrderBy(row => row.Key.Kind, StringComparer.Ordinal).ThenBy(row => row.Key.Span, StringComparer.Ordinal).ThenBy(row => row.Key.Start).ThenBy(row => row.Key.Key, StringComparer.Ordinal);

    /// <summary>In one order for all hosts, too.</summary>
    public IEnumerable<KeyValuePair<HourlyRow, Counts>> Hourly =>
        _hourly.OrderBy(row => row.Key.Hour).ThenBy(row => row.Key.Content, StringComparer.Ordinal).ThenBy(row => row.Key.Server, StringComparer.Ordinal).ThenBy(row => row.Key.User, StringComparer.Ordinal);

    /// <summary>A record that was not counted before.</summary>
    public void Add(FreshRecord fresh)
    {
        var (record, at) = (fresh.Record, fresh.Record.At.ToUnixTimeMilliseconds());
        var (content, server) = (record.Content?.ToString() ?? "", record.Server.ToString());
        var counts = new Counts(record.Requests, record.Bytes, record.Status >= 400 ? record.Requests : 0, 0, 0);
        Add(UsageKind.All, "", at, counts);
        if (record.Content is not null) Add(UsageKind.Content, content, at, counts);
        Add(UsageKind.Server, server, at, counts);
        Add(UsageKind.User, fresh.User, at, counts);
        Add(new HourlyRow(Span.Begin(at, Span.HourLength), content, server, fresh.User), counts);
    }

    /// <summary>A play that was not counted before; no server has to do with it.</summary>
    public void AddPlay(long at, string content, string user)
    {
        var counts = new Counts(0, 0, 0, 1, 0);
        Add(UsageKind.All, "", at, counts);
        Add(UsageKind.Content, content, at, counts);
        Add(UsageKind.User, user, at, counts);
        Add(new HourlyRow(Span.Begin(at, Span.HourLength), content, "", user), counts);
    }

    /// <summary>How many sessions were served in a minute, as far as is known by now. Only ever more become known, so the greatest number in a span is its peak, in whatever order they come.</summary>
    public void AddSessions(long minute, string kind, string key, long sessions) => Add(kind, key, minute, new(0, 0, 0, 0, sessions));

    private void Add(string kind, string key, long at, Counts counts)
    {
        Add(new UsageRow(kind, Span.Hour, Span.Begin(at, Span.HourLength), key), counts);
        Add(new UsageRow(kind, Span.Day, Span.Begin(at, Span.DayLength), key), counts);
        Add(new UsageRow(kind, Span.Ever, 0, key), counts);
    }

    private void Add(UsageRow row, Counts counts) => _usage[row] = _usage.GetValueOrDefault(row) + counts;

    private void Add(HourlyRow row, Counts counts) => _hourly[row] = _hourly.GetValueOrDefault(row) + counts;
}

/// <summary>A row of the table <c>usage</c>: one thing in one span.</summary>
internal readonly record struct UsageRow(string Kind, string Span, long Start, string Key);

/// <summary>A row of the table <c>hourly</c>: one content at one server for one user in one hour. Plays have an empty server, requests that were refused before a key was known an empty content.</summary>
internal readonly record struct HourlyRow(long Hour, string Content, string Server, string User);
