using System.Text;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.ContentServers;
using Scdn.Grains.Roles;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;
using Scdn.Host.Data;

namespace Scdn.Host.Roles.Admin;

/// <summary>Takes in what players tell of plays. A viewer says what he likes: it is of his own plays alone, there is only so much of it, and no character of it drives a terminal.</summary>
internal sealed class ReportIntake(IGrainStore store, IRecordStore records)
{
    private const int MostNamed = PlayReport.MostServers;
    private const int LongestName = 100;

    // No play lasts longer than its session; and so no time of it.
    private static readonly long Longest = (long)(2 * SessionGrain.MaxLifetime).TotalMilliseconds;

    public async Task<Outcome<Done>> TakeAsync(PlayTold told, CancellationToken cancel)
    {
        if (WhyNot(told.Report) is { } wrong) return Refusal.Invalid($"What is told of play {told.Report.Play} can't be: {wrong}.");
        var report = Clean(told.Report) with { Servers = await KnownAsync(told.Report.Servers, cancel) };
        return await records.AddReportAsync(new(told.Session, told.User, report), cancel);
    }

    private static string? WhyNot(PlayReport report)
    {
        if (report.Events.Count > PlayReport.MostEvents) return $"it has {report.Events.Count} events, of {PlayReport.MostEvents} that it may have";
        if (report.Servers.Count > PlayReport.MostServers) return $"it has {report.Servers.Count} servers, of {PlayReport.MostServers} that it may have";
        if (Texts(report).Any(text => text?.Length > PlayReport.LongestText) || report.Player.Length > LongestName || report.Servers.Any(server => server.Name.Length > LongestName)) return "a text in it is too long";
        if (report.Events.Any(one => one.Servers?.Count > MostNamed)) return "an event of it names too many servers";
        if (Times(report).Any(time => time < 0 || time > Longest)) return "a time in it is negative, or longer than a session";
        if (Numbers(report).Any(number => number is < 0 or > 1_000_000_000)) return "a number in it is negative, or too large";
        if (report.Events.Any(one => !IsPlace(one.Place) || !IsPlace(one.To))) return "a place in it is none";
        if (report.FetchedBytes < 0 || report.Servers.Any(server => server.Bytes < 0)) return "it tells of less than no bytes";
        // Each is rounded to milliseconds by itself.
        if (report.Servers.Sum(server => (long)server.Stalls) > (report.Stalls ?? 0) || report.Servers.Sum(server => server.StallMs) > (report.StallMs ?? 0) + report.Servers.Count || report.Servers.Sum(server => (long)server.Failovers) > report.Failovers)
            return "its servers have more stalls or failovers than there were";
        return report.Servers.Select(server => server.Id).OfType<ServerId>().GroupBy(id => id).Any(same => same.Count() > 1) ? "it tells of a server twice" : null;
    }

    private static IEnumerable<string?> Texts(PlayReport report) =>
        [report.Error, .. report.Events.SelectMany(one => (IEnumerable<string?>)[one.Server, one.By, one.Detail, .. one.Servers ?? []])];

    private static IEnumerable<long> Times(PlayReport report) =>
    [
        report.ElapsedMs, report.GrantMs, report.FirstFrameMs ?? 0, report.BeganMs ?? 0, report.StallMs ?? 0, .. report.Servers.Select(server => server.StallMs),
        .. report.Events.SelectMany(one => (IEnumerable<long>)[one.AtMs, one.SinceMs ?? 0, one.Ms ?? 0]),
    ];

    private static IEnumerable<long> Numbers(PlayReport report) =>
    [
        report.Stalls ?? 0, report.WaitedMs, report.Failovers, report.Hedges, report.CorruptSegments, report.RefusedRequests, report.Renewals, report.Dropped,
        .. report.Servers.SelectMany(server => (IEnumerable<long>)[server.Stalls, server.Failovers]), .. report.Events.Select(one => (long)(one.Count ?? 0)),
    ];

    private static bool IsPlace(double? seconds) => seconds is null or (>= 0 and <= 1e7);

    private static PlayReport Clean(PlayReport report) => report with
    {
        Player = Shown(report.Player)!,
        Error = Shown(report.Error),
        Events = [.. report.Events.Select(one => one with { Server = Shown(one.Server), By = Shown(one.By), Detail = Shown(one.Detail), Servers = one.Servers is null ? null : [.. one.Servers.Select(name => Shown(name)!)] })],
    };

    private static string? Shown(string? text)
    {
        if (text is null || text.All(ShownText.MayShow)) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var letter in text) clean.Append(ShownText.MayShow(letter) ? letter : '\uFFFD');
        return clean.ToString();
    }

    /// <summary>Servers that nobody has heard of are told as if they were mirrors: nothing is counted for them.</summary>
    private async Task<IReadOnlyList<PlayServer>> KnownAsync(IReadOnlyList<PlayServer> servers, CancellationToken cancel)
    {
        var known = new List<PlayServer>();
        foreach (var server in servers)
        {
            var isKnown = server.Id is { } id && await store.LoadAsync<ContentServerState>(ContentServerState.IdOf(id), cancel) is not null;
            known.Add(server with { Name = Shown(server.Name)!, Id = isKnown ? server.Id : null });
        }

        return known;
    }
}
