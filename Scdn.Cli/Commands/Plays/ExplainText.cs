using Scdn.Cli.Output;
using Scdn.Client.Explaining;
using Scdn.Format.Wire;

namespace Scdn.Cli.Commands.Plays;

/// <summary>A play in words: a summary, and a line for each thing that happened.</summary>
internal static class ExplainText
{
    /// <summary>What a viewer would ask first.</summary>
    public static string Summary(PlayExplanation play) => play.Report is { } report ? PlayStory.Summary(report) : $"The player has told nothing of it. {Served(play)}";

    /// <summary>When, from asking to play, and what.</summary>
    public static IEnumerable<(string At, string What)> Lines(PlayExplanation play) => Rows(play).OrderBy(row => row.Ms).Select(row => (PlayStory.Seconds(row.Ms), row.What));

    private static IEnumerable<(long Ms, string What)> Rows(PlayExplanation play)
    {
        if (play.SessionOpened is { } opened) yield return (Ms(opened), $"{play.Play.User} signed in");
        foreach (var key in play.Keys)
        {
            yield return (Ms(key.Issued), $"a gateway issued an authentication key for {string.Join(", ", key.Servers)}, until {Units.Instant(key.Expires)}");
            if (key.Revoked is { } revoked) yield return (Ms(revoked), "an authentication key of it was revoked");
        }

        foreach (var server in play.Served)
        {
            yield return (Ms(server.First), $"{server.Name} began to answer: {Units.Count(server.Requests, "request")}, {Units.Size(server.Bytes)} until {PlayStory.Seconds(Ms(server.Last))}{Of(server.Refused, "refused or failed")}{Of(server.CutOff, "cut off")}");
        }

        foreach (var happened in play.Report?.Events ?? []) yield return (happened.AtMs, PlayStory.Of(happened));
        if (play.Report is { Dropped: > 0 and var dropped } report) yield return (report.ElapsedMs, $"{Units.Count(dropped, "event")} of the middle not told, for there were too many");

        long Ms(DateTimeOffset at) => (long)Math.Round((at - play.Asked).TotalMilliseconds);
    }

    private static string Served(PlayExplanation play) => play.Served.Count == 0
        ? "No content server has told of an answer to it either."
        : $"{string.Join(", ", play.Served.Select(server => $"{server.Name} sent {Units.Size(server.Bytes)} in {Units.Count(server.Requests, "answer")}{Of(server.Refused, "refused or failed")}{Of(server.CutOff, "cut off")}"))}; the last answer ended {PlayStory.Seconds((long)(play.Served.Max(server => server.Last) - play.Asked).TotalMilliseconds)} after it began.";

    private static string Of(long number, string what) => number > 0 ? $", {number} {what}" : "";
}
