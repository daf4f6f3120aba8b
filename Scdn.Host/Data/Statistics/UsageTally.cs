using Scdn.Format.Wire;

namespace Scdn.Host.Data.Statistics;

/// <summary>What a few records or plays add to the statistics: to the hour, the day and all time of everything that they concern, and to the hour of just this content, server and user.</summary>
internal sealed class UsageTally
{
    private readonly Dictionary<UsageRow, Counts> _usage = [];
    private readonly Dictionary<HourlyRow, Counts> _hourly = [];
    private readonly Dictionary<StartRow, long> _starts = [];

    /// <summary>In one order for all hosts, so that they don't wait for each other crosswise.</summary>
    public IEnumerable<KeyValuePair<UsageRow, Counts>> Usage =>
        _usage.OrderBy(row => row.Key.Kind, StringComparer.Ordinal).ThenBy(row => row.Key.Span, StringComparer.Ordinal).ThenBy(row => row.Key.Start).ThenBy(row => row.Key.Key, StringComparer.Ordinal);

    /// <summary>In one order for all hosts, too.</summary>
    public IEnumerable<KeyValuePair<HourlyRow, Counts>> Hourly =>
        _hourly.OrderBy(row => row.Key.Hour).ThenBy(row => row.Key.Content, StringComparer.Ordinal).ThenBy(row => row.Key.Server, StringComparer.Ordinal).ThenBy(row => row.Key.User, StringComparer.Ordinal);

    /// <summary>And here; those that came to nothing are left out.</summary>
    public IEnumerable<KeyValuePair<StartRow, long>> Starts => _starts.Where(row => row.Value != 0)
        .OrderBy(row => row.Key.Kind, StringComparer.Ordinal).ThenBy(row => row.Key.Span, StringComparer.Ordinal).ThenBy(row => row.Key.Start).ThenBy(row => row.Key.Key, StringComparer.Ordinal).ThenBy(row => row.Key.Milliseconds);

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

    /// <summary>What a player tells of a play, in place of what it told before. What servers were the cause of counts for these; when the picture moved, for content, user and all.</summary>
    public void AddReport(long at, FreshReport fresh, PlayReport? before)
    {
        Add(at, fresh.User, fresh.Report, times: 1);
        if (before is not null) Add(at, fresh.User, before, times: -1);
    }

    /// <summary>How many sessions were served in a minute, as far as is known by now. Only ever more become known, so the greatest number in a span is its peak, in whatever order they come.</summary>
    public void AddSessions(long minute, string kind, string key, long sessions) => Add(kind, key, minute, new(0, 0, 0, 0, sessions));

    private void Add(string kind, string key, long at, Counts counts)
    {
        Add(new UsageRow(kind, Span.Hour, Span.Begin(at, Span.HourLength), key), counts);
        Add(new UsageRow(kind, Span.Day, Span.Begin(at, Span.DayLength), key), counts);
        Add(new UsageRow(kind, Span.Ever, 0, key), counts);
    }

    private void Add(long at, string user, PlayReport report, int times)
    {
        var (content, hour) = (report.Content.ToString(), Span.Begin(at, Span.HourLength));
        var all = Told(report.Stalls ?? 0, report.StallMs ?? 0, report.Failovers, times);
        foreach (var (kind, key) in (ReadOnlySpan<(string, string)>)[(UsageKind.All, ""), (UsageKind.Content, content), (UsageKind.User, user)])
        {
            if (all != default) Add(kind, key, at, all);
            if (report.BeganMs is { } began) AddStart(kind, key, at, StartTimes.Rounded(began), times);
        }

        foreach (var server in report.Servers)
        {
            var own = Told(server.Stalls, server.StallMs, server.Failovers, times);
            if (server.Id is not { } id || own == default) continue;
            Add(UsageKind.Server, id.ToString(), at, own);
            Add(new HourlyRow(hour, content, id.ToString(), user), own);
            all += Told(server.Stalls, server.StallMs, server.Failovers, -times);
        }

        // What no server was the cause of.
        if (all != default) Add(new HourlyRow(hour, content, "", user), all);
    }

    private static Counts Told(long stalls, long stallMs, long failovers, int times) => new(0, 0, 0, 0, 0, stalls * times, stallMs * times, failovers * times);

    private void AddStart(string kind, string key, long at, long milliseconds, int times)
    {
        foreach (var (span, start) in (ReadOnlySpan<(string, long)>)[(Span.Hour, Span.Begin(at, Span.HourLength)), (Span.Day, Span.Begin(at, Span.DayLength)), (Span.Ever, 0)])
        {
            var row = new StartRow(kind, span, start, key, milliseconds);
            _starts[row] = _starts.GetValueOrDefault(row) + times;
        }
    }

    private void Add(UsageRow row, Counts counts) => _usage[row] = _usage.GetValueOrDefault(row) + counts;

    private void Add(HourlyRow row, Counts counts) => _hourly[row] = _hourly.GetValueOrDefault(row) + counts;
}

/// <summary>A row of the table <c>usage</c>: one thing in one span.</summary>
internal readonly record struct UsageRow(string Kind, string Span, long Start, string Key);

/// <summary>A row of the table <c>starts</c>: how many plays of one thing in one span moved after so many milliseconds.</summary>
internal readonly record struct StartRow(string Kind, string Span, long Start, string Key, long Milliseconds);

/// <summary>A row of the table <c>hourly</c>: one content at one server for one user in one hour. Plays have an empty server, requests that were refused before a key was known an empty content.</summary>
internal readonly record struct HourlyRow(long Hour, string Content, string Server, string User);
