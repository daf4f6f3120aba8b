using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;
using Scdn.Client.Explaining;
using Scdn.Format.Wire;
using Spectre.Console;

namespace Scdn.Cli.Commands.Statistics;

/// <summary><c>scdn stats</c>: what was counted, in all and by content, server, user or hour.</summary>
internal static class Stats
{
    private static readonly Option<string> By = new("--by") { Description = "What gets a row each: content, server, user or hour.", HelpName = "WHAT", DefaultValueFactory = _ => "content" };

    public static Command Create()
    {
        By.AcceptOnlyFromAmong("content", "server", "user", "hour");
        var command = new Command("stats", "Shows plays, how soon they began and how often they stood still, requests, bytes, errors and how many sessions were served at once, by content, server, user or hour; hours and days are in UTC.") { By };
        foreach (var option in Filters.All) command.Options.Add(option);
        return command.ForOperators().Runs(RunAsync);
    }

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var stats = await admin.StatisticsAsync([("by", context.Get(By)!), .. await Filters.ReadAsync(context, admin, stop)], stop);
        context.Printer.Result(stats, CliJson.Lines.StatisticsAnswer, console => Show(console, stats));
    }

    private static void Show(IAnsiConsole console, StatisticsAnswer stats)
    {
        string[] names = stats.By switch { "content" => ["content", "title"], "server" => ["server", "id"], _ => [stats.By] };
        var table = Tables.New([.. names, "plays", "requests", "sent", "errors", "sessions at once", "start", "stalls", "failovers"]);
        foreach (var row in stats.Rows) table.Row([.. Names(row), Told(row.Plays), row.Requests, Units.Size(row.Bytes), row.Errors, Told(row.Sessions), Start(row.StartMs, row.SlowStartMs), Stalls(row.Stalls, row.StallMs), row.Failovers]);
        console.Write(table);
        var plays = stats.Plays is { } played ? $"{Units.Count(played, "play")}, " : "";
        var sessions = stats.Sessions is { } peak ? $", at most {Units.Count(peak, "session")} at once" : "";
        console.Sentence($"{plays}{Units.Count(stats.Requests, "request")}, {Units.Size(stats.Bytes)} sent, {Units.Count(stats.Errors, "error")}{sessions} {Time(stats)}.");
        if (stats is { StartMs: not null } or { Stalls: > 0 } or { Failovers: > 0 })
            console.Sentence($"Players told: {(stats.StartMs is null ? "" : $"the picture moved after {Start(stats.StartMs, stats.SlowStartMs)} (half of the plays / 95 of 100), ")}{Units.Count(stats.Stalls, "stall")} ({PlayStory.Seconds(stats.StallMs)}), {Units.Count(stats.Failovers, "failover")}.");
    }

    private static object[] Names(StatisticsRow row) => row switch
    {
        { Content: { } content } => [content, row.Name ?? ""],
        { Server: { } server } => [row.Name ?? "", server],
        { Hour: { } hour } => [Units.Instant(hour)],
        _ => [row.User is { Length: > 0 } user ? user : "(nobody known)"],
    };

    private static string Start(long? median, long? slow) => median is { } half && slow is { } most ? $"{PlayStory.Seconds(half)} / {PlayStory.Seconds(most)}" : "–";

    private static string Stalls(long number, long milliseconds) => number == 0 ? "0" : $"{number} ({PlayStory.Seconds(milliseconds)})";

    private static object Told(long? number) => number is { } told ? told : "–";

    private static string Time(StatisticsAnswer stats) => (stats.From, stats.To) switch
    {
        ({ } from, { } to) => $"from {Units.Instant(from)} to {Units.Instant(to)}",
        ({ } from, null) => $"since {Units.Instant(from)}",
        (null, { } to) => $"up to {Units.Instant(to)}",
        _ => "in all",
    };
}
