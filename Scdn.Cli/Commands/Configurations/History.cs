using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Configurations;

/// <summary><c>scdn config history</c>: who changed what, and when.</summary>
internal static class History
{
    private const string Default = "default";

    public static Command Create() => new Command("history", "Shows who changed which setting, the newest first.").ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var history = await admin.ConfigurationHistoryAsync(stop);
        context.Printer.Result(history, CliJson.Lines.IReadOnlyListConfigurationChange, console =>
        {
            var table = Tables.New("version", "time", "operator", "through", "setting", "from", "to", "");
            foreach (var change in history)
            {
                foreach (var one in change.Changes)
                {
                    table.Row(
                        change.Version, Units.Instant(change.At), change.By, change.Through, one.Name, one.From ?? Default, one.To ?? Default,
                        change.Reverted is { } version ? $"back to version {version}" : "");
                }
            }

            console.Write(table);
        });
    }
}
