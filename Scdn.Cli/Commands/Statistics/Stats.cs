using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;
using Scdn.Format.Wire;
using Spectre.Console;

namespace Scdn.Cli.Commands.Statistics;

/// <summary><c>scdn stats</c>: plays, requests and bytes since the beginning.</summary>
internal static class Stats
{
    public static Command Create() => new Command("stats", "Shows plays, requests and bytes by content and by server.").ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var stats = await admin.StatsAsync(stop);
        context.Printer.Result(stats, CliJson.Lines.StatsAnswer, console => Show(console, stats));
    }

    private static void Show(IAnsiConsole console, StatsAnswer stats)
    {
        var contents = Tables.New("content", "title", "plays", "requests", "sent");
        foreach (var content in stats.Contents) contents.Row(content.Id, content.Title, content.Plays, content.Requests, Units.Size(content.Bytes));
        var servers = Tables.New("server", "requests", "sent", "errors");
        foreach (var server in stats.Servers) servers.Row(server.Name, server.Requests, Units.Size(server.Bytes), server.Errors);
        console.Write(new Rows(contents, servers, new Text($"{stats.Plays} plays, {Units.Size(stats.Bytes)} sent in all")));
    }
}
