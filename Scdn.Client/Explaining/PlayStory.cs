using System.Globalization;
using Scdn.Format.Wire;

namespace Scdn.Client.Explaining;

/// <summary>What a player has told of a play, in words.</summary>
public static class PlayStory
{
    /// <summary>One or a few sentences: whether it stood still, what it waited for then, and what else went wrong.</summary>
    public static string Summary(PlayReport report)
    {
        var sentences = new List<string>();
        if (report.Stalls is not { } stalls) sentences.Add($"{report.Player} does not tell when the picture stands still; reads waited {Seconds(report.WaitedMs)} in all.");
        else if (stalls == 0) sentences.Add(report.BeganMs is { } began ? $"Never stood still; the picture moved after {Seconds(began)}." : "The picture never moved.");
        else sentences.Add($"Stood still {Times(stalls)}, {Seconds(report.StallMs ?? 0)} in all{(Causes(report) is { Length: > 0 } causes ? $": {causes}" : "")}.");
        var told = Blamed(report);
        foreach (var left in report.Events.Where(one => one.Kind is PlayEventKind.Left && !told.Contains((one.Server, one.SinceMs))).Take(3)) sentences.Add($"{Trouble(left)}{Replacement(left)}, which cost nothing.");
        if (report.Error is { } error) sentences.Add($"It broke off: {error}");
        else if (!report.Ended) sentences.Add($"The player has told nothing since {Seconds(report.ElapsedMs)}.");
        return string.Join(' ', sentences);
    }

    /// <summary>One event, in words.</summary>
    public static string Of(PlayEvent one) => one.Kind switch
    {
        PlayEventKind.Granted => $"asked to play; the site allowed it after {Seconds(one.Ms ?? 0)}, and named {List(one.Servers)}",
        PlayEventKind.Decoder => "the decoder was started",
        PlayEventKind.FirstByte => $"the first byte came, from {one.Server}",
        PlayEventKind.FirstFrame => "the first frame was there",
        PlayEventKind.Began => "the picture began to move",
        PlayEventKind.Waited => $"a read waited {Seconds(one.Ms ?? 0)}{At(one)}{(IsPlain(one) ? $" for {one.Server}" : $": {Trouble(one)}{Brought(one)}")}",
        PlayEventKind.Stalled => $"the picture stood still for {Seconds(one.Ms ?? 0)}{At(one)}: {Trouble(one)}{Brought(one)}",
        PlayEventKind.Left => $"{one.Server} was left: {Trouble(one)}{Replacement(one)}{(one.Count is { } failures ? $" ({failures} requests failed)" : "")}",
        PlayEventKind.Late => $"{Trouble(one)}: {one.By} was asked for the same{(one.Count is { } often ? $", {often} times in a row" : "")}{(one.Ms is { } ms ? $"; the first of it came {Seconds(ms)} after that" : "")}",
        PlayEventKind.Back => $"{one.Server} is used again",
        PlayEventKind.Renewed => $"the site gave another authentication key, and named {List(one.Servers)}",
        PlayEventKind.NotRenewed => $"the site gave no further authentication key: {one.Detail}",
        PlayEventKind.Seeked => $"the viewer went from {Place(one.Place)} to {Place(one.To)}",
        PlayEventKind.GaveUp => $"given up: {one.Detail}",
        _ => one.Detail is { } why ? $"broke off: {why}" : "ended",
    };

    /// <summary>A time of the time line, such as <c>12.3 s</c>.</summary>
    public static string Seconds(long milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:0.0##} s");

    private static string Causes(PlayReport report)
    {
        var stalls = report.Events.Where(one => one.Kind is PlayEventKind.Stalled).GroupBy(CauseOf).OrderByDescending(cause => cause.Sum(one => one.Ms ?? 0)).ToList();
        var told = stalls.Take(3).Select(cause => $"{Trouble(cause.First())}{(cause.All(one => one.By == cause.First().By) ? Brought(cause.First()) : "")}{(stalls.Count > 1 ? $" ({Seconds(cause.Sum(one => one.Ms ?? 0))})" : "")}");
        return string.Join("; ", stalls.Count > 3 ? told.Append($"and {stalls.Count - 3} further causes") : told);
    }

    // Who is slow is so at one time and another.
    private static (string?, PlayFault?, long?) CauseOf(PlayEvent stall) => (stall.Server, stall.Fault, stall.Fault is PlayFault.Slow ? null : stall.SinceMs);

    private static HashSet<(string? Server, long? SinceMs)> Blamed(PlayReport report) =>
        [.. report.Events.Where(one => one.Kind is PlayEventKind.Stalled).Select(one => (one.Server, one.SinceMs))];

    private static string Trouble(PlayEvent one)
    {
        var (server, since) = (one.Server ?? "a server", one.SinceMs is { } ms ? $" at {Seconds(ms)}" : "");
        return one.Fault switch
        {
            PlayFault.Unreachable => $"{server} could not be reached{since}",
            PlayFault.Reset => $"{server} reset its connections{since}",
            PlayFault.BrokeOff => $"{server} broke off its answers{since}",
            PlayFault.Silent => $"{server} fell silent{since}",
            PlayFault.Slow => $"{server} was slow from {Seconds(one.SinceMs ?? one.AtMs)} on",
            PlayFault.Busy => $"{server} was overloaded{since}",
            PlayFault.Missing => $"{server} did not have a part as published{since}",
            PlayFault.Refused => $"{server} refused the authentication key{since}",
            PlayFault.Corrupt => $"{server} sent damaged bytes{since}",
            _ => "what it needed was there, and was not decoded in time",
        };
    }

    // It took a while, and nothing was wrong.
    private static bool IsPlain(PlayEvent wait) => wait is { Server: not null, Fault: PlayFault.Slow } && wait.SinceMs == wait.AtMs && wait.By == wait.Server;

    // Of a wait: who brought it, if not the same server.
    private static string Brought(PlayEvent one) => one.By is { } by && by != one.Server ? $"; {by} brought what was missing" : "";

    private static string Replacement(PlayEvent one) => one is { By: { } by, Ms: { } ms } ? $"; {by} took over after {Seconds(ms)}" : "";

    private static string At(PlayEvent one) => one.Place is null ? "" : $" at {Place(one.Place)} of the content";

    private static string Place(double? seconds) => seconds is { } known ? $"{TimeSpan.FromSeconds(known):h\\:mm\\:ss\\.f}" : "an unknown place";

    private static string List(IReadOnlyList<string>? servers) => servers is { Count: > 0 } ? string.Join(", ", servers) : "no server";

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";
}
