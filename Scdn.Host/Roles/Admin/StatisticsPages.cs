using System.Globalization;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Manifests;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;
using Scdn.Host.Data.Statistics;

namespace Scdn.Host.Roles.Admin;

/// <summary>Statistics and connection records as operators see them: with titles and names.</summary>
internal sealed class StatisticsPages(IGrainStore store, StatisticsReader statistics, RecordReader records)
{
    private const double Median = 0.5;
    private const double Slow = 0.95;

    public async Task<StatisticsAnswer> ReadAsync(StatisticsQuery asked, CancellationToken cancel)
    {
        var query = asked with { User = await NameAsync(asked.User, cancel) };
        var total = await statistics.TotalAsync(query, cancel);
        var counted = await statistics.RowsAsync(query, cancel);
        var starts = await statistics.StartsAsync(query, [.. counted.Select(row => row.Key)], cancel);
        var rows = new List<StatisticsRow>();
        foreach (var (key, counts) in counted) rows.Add(await RowAsync(query, key, counts, cancel) with { StartMs = StartTimes.Within(starts[key], Median), SlowStartMs = StartTimes.Within(starts[key], Slow) });
        var all = (await statistics.StartsAsync(query, keys: null, cancel))[""].ToList();
        return new(
            query.By.ToString().ToLowerInvariant(), query.From, query.To, Plays(query, total), total.Requests, total.Bytes, total.Errors, Sessions(query, total), rows, total.Stalls, total.StallMs, total.Failovers,
            StartTimes.Within(all, Median), StartTimes.Within(all, Slow));
    }

    public async Task<IReadOnlyList<LoggedRecord>> LogAsync(RecordFilter filter, CancellationToken cancel)
    {
        var found = await records.ListAsync(filter with { User = await NameAsync(filter.User, cancel) }, cancel);
        var (titles, names) = (new Dictionary<ContentId, string>(), new Dictionary<ServerId, string>());
        foreach (var content in found.Select(one => one.Record.Content).OfType<ContentId>().Distinct()) titles[content] = await TitleAsync(content, cancel);
        foreach (var server in found.Select(one => one.Record.Server).Distinct()) names[server] = await NameAsync(server, cancel);
        return
        [
            .. from one in found
               let record = one.Record
               select new LoggedRecord(
                   record.Id, record.At, record.Server, names[record.Server], record.Key, one.User is "" ? null : one.User, record.Content, record.Content is { } content ? titles[content] : "", record.Part, record.Bytes, record.Milliseconds, record.Status,
                   record.Complete, record.Requests),
        ];
    }

    private async Task<StatisticsRow> RowAsync(StatisticsQuery query, string key, Counts counts, CancellationToken cancel)
    {
        var row = new StatisticsRow(null, null, null, null, null, Plays(query, counts), counts.Requests, counts.Bytes, counts.Errors, Sessions(query, counts), counts.Stalls, counts.StallMs, counts.Failovers);
        switch (query.By)
        {
            case StatisticsBy.Content when ContentId.TryParse(key, out var content):
                return row with { Content = content, Name = await TitleAsync(content, cancel) };
            case StatisticsBy.Server when ServerId.TryParse(key, out var server):
                return row with { Server = server, Name = await NameAsync(server, cancel) };
            case StatisticsBy.User:
                return row with { User = key };
            default:
                return row with { Hour = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(key, CultureInfo.InvariantCulture)) };
        }
    }

    private static long? Plays(StatisticsQuery query, Counts counts) => query.HasPlays ? counts.Plays : null;

    private static long? Sessions(StatisticsQuery query, Counts counts) => query.IsSimple ? counts.Sessions : null;

    private async Task<string> TitleAsync(ContentId content, CancellationToken cancel) => (await store.LoadAsync<ManifestState>(ManifestState.IdOf(content), cancel))?.State.Title ?? "";

    private async Task<string> NameAsync(ServerId server, CancellationToken cancel) => (await store.LoadAsync<ContentServerState>(ContentServerState.IdOf(server), cancel))?.State.Name ?? "";

    /// <summary>The user's name as it was written at first.</summary>
    private async Task<string?> NameAsync(string? user, CancellationToken cancel) =>
        user is null ? null : (await store.LoadAsync<UserState>(UserState.IdOf(user), cancel))?.State.Name ?? user;
}
