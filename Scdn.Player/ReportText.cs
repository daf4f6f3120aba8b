using System.Globalization;
using Scdn.Client.Reserving;
using Scdn.Player.Playback;
using Scdn.Player.Screen;
using Scdn.Player.Viewing;

namespace Scdn.Player;

/// <summary>Reports in words, a line a fact.</summary>
public static class ReportText
{
    /// <summary>What was measured.</summary>
    public static IEnumerable<string> Of(PlaybackReport report)
    {
        yield return $"{report.Title}: {(report.PlayedToEnd ? "played to the end" : report.Ok ? "played as far as was asked" : "broke off")}";
        yield return report.FirstFrameMs is { } first ? $"  first frame     {first} ms (of which the site took {report.GrantMs} ms), moving after {report.BeganMs} ms" : "  first frame     never";
        yield return $"  stalls          {Stalls(report)}";
        yield return $"  why             {report.Why}";
        if (report.Play is { } play && (report.Stalls > 0 || report.Failovers > 0 || report.Error is not null)) yield return $"                  scdn explain {play}";
        yield return $"  played          {report.PlayedSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s, {report.Frames} frames";
        foreach (var line in Fetching(report.FetchedBytes, report.ContentBytes, report.FetchedRatio, report.Failovers, report.Hedges, report.BytesByServer)) yield return line;
        foreach (var line in Reserved(report.Reserve)) yield return line;
        foreach (var error in report.DecodeErrors) yield return $"  decoder         {error}";
        if (report.Error is not null) yield return $"  {report.Error}";
    }

    /// <summary>What a viewer is told who has seen it on a terminal.</summary>
    public static IEnumerable<string> OfShown(PlaybackReport report)
    {
        if (report.LeftAtSeconds is { } left) yield return $"{report.Title}: left at {TimeText.Of(TimeSpan.FromSeconds(left))}";
        else if (report.PlayedToEnd) yield return $"{report.Title}: watched to its end";
        // Less was hardly seen.
        if (report.StallMs >= 500) yield return report.Why;
        if (report.Error is not null) yield return report.Error;
    }

    /// <summary>What was fetched for another player.</summary>
    public static IEnumerable<string> Of(ViewingReport report)
    {
        yield return $"{report.Title}: given to {report.Player}";
        foreach (var line in Fetching(report.FetchedBytes, report.ContentBytes, report.FetchedRatio, report.Failovers, report.Hedges, report.BytesByServer)) yield return line;
        yield return $"  reads waited    {report.WaitedMs} ms";
        if (report is { Play: { } play } and ({ Failovers: > 0 } or { Error: not null })) yield return $"                  scdn explain {play}";
        foreach (var line in Reserved(report.Reserve)) yield return line;
        if (report.Error is not null) yield return $"  {report.Error}";
    }

    /// <summary>How often the picture stood, how long, and where.</summary>
    public static string Stalls(PlaybackReport report) => report.Stalls == 0
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{report.Stalls} ({report.StallMs} ms, at {string.Join(", ", report.StalledAt.Select(place => place.ToString("0.0", CultureInfo.InvariantCulture)))} s)");

    private static IEnumerable<string> Reserved(ReserveReport? reserve)
    {
        if (reserve is not { ReadySeconds: { } ready }) yield break;
        var promised = reserve.FirstPromiseSeconds is { } first ? string.Create(CultureInfo.InvariantCulture, $", promised at first after {first:0} s") : "";
        yield return string.Create(CultureInfo.InvariantCulture, $"  waited          {ready:0} s{promised}");
    }

    private static IEnumerable<string> Fetching(long fetched, long content, double ratio, int failovers, int hedges, IReadOnlyDictionary<string, long> byServer)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"  fetched         {fetched} of {content} bytes (ratio {ratio:0.00})");
        yield return $"  failovers       {failovers}, hedged pieces {hedges}";
        foreach (var (server, bytes) in byServer.OrderBy(pair => pair.Key, StringComparer.Ordinal)) yield return $"  from {server,-10} {bytes} bytes";
    }
}
