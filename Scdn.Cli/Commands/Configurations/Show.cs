using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;
using Scdn.Format.Wire;

namespace Scdn.Cli.Commands.Configurations;

/// <summary><c>scdn config show</c>: all settings.</summary>
internal static class Show
{
    public static Command Create() => new Command("show", "Shows all settings.").ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var answer = await admin.ConfigurationAsync(stop);
        context.Printer.Result(answer, CliJson.Lines.ConfigurationAnswer, console =>
        {
            var table = Tables.New("setting", "value", "default", "set by", "what it is for");
            foreach (var setting in answer.Settings)
            {
                table.Row(
                    setting.Name, setting.Value ?? ConfigCommand.NoValue, setting.IsSet ? setting.Default ?? ConfigCommand.NoValue : "",
                    setting.Role == OperatorRole.Owner ? "owner" : "operator", $"{setting.Description} ({setting.Takes})");
            }

            console.Write(table);
            console.Sentence($"Version {answer.Version}; 'scdn config set NAME VALUE' changes a setting, 'unset NAME' takes it back to its default.");
        });
    }
}
