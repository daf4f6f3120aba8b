using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Statistics;

/// <summary><c>scdn log</c>: the last connection records.</summary>
internal static class Log
{
    private static readonly Option<int> Limit = new("--limit") { Description = "How many.", HelpName = "N", DefaultValueFactory = _ => 50 };

    public static Command Create() => new Command("log", "Shows the last part requests that content servers answered.") { Limit }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var records = await admin.LogAsync(context.Get(Limit), stop);
        context.Printer.Result(records, CliJson.Lines.IReadOnlyListConnectionRecord, console =>
        {
            var table = Tables.New("at", "server", "key", "content", "part", "sent", "ms", "status");
            foreach (var record in records)
            {
                table.Row(
                    Units.Instant(record.At), record.Server, record.Key, record.Content, record.Part,
                    record.Complete ? Units.Size(record.Bytes) : $"{Units.Size(record.Bytes)}, cut off", record.Milliseconds, record.Status);
            }

            console.Write(table);
        });
    }
}
