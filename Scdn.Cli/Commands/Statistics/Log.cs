using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;
using Scdn.Format.Wire;

namespace Scdn.Cli.Commands.Statistics;

/// <summary><c>scdn log</c>: connection records.</summary>
internal static class Log
{
    private static readonly Option<Guid?> Before = new("--before") { Description = "Only records that are listed after this one: its id, as --json shows it.", HelpName = "ID" };

    public static Command Create()
    {
        var command = new Command("log", "Shows requests that content servers answered, the newest first.") { Before };
        foreach (var option in Filters.All) command.Options.Add(option);
        return command.ForOperators().Runs(RunAsync);
    }

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var parameters = await Filters.ReadAsync(context, admin, stop);
        var records = await admin.LogAsync(context.Get(Before) is { } before ? [.. parameters, ("before", $"{before}")] : parameters, stop);
        context.Printer.Result(records, CliJson.Lines.IReadOnlyListLoggedRecord, console =>
        {
            var table = Tables.New("at", "server", "user", "content", "part", "sent", "ms", "status");
            foreach (var record in records)
            {
                table.Row(
                    Units.Instant(record.At), Name(record.ServerName, record.Server), Name(record.User ?? "", record.Key), Name(record.Title, record.Content), PartOf(record),
                    record.Complete ? Units.Size(record.Bytes) : $"{Units.Size(record.Bytes)}, cut off", record.Milliseconds, record.Status);
            }

            console.Write(table);
        });
    }

    private static object Name(string name, object? id) => name.Length > 0 ? name : id ?? "";

    private static string PartOf(LoggedRecord record) => record.Key is null ? $"refused: {Units.Count(record.Requests, "request")}" : record.Part?.ToString() ?? "header";
}
