using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Configurations;

/// <summary><c>scdn config revert</c>: puts an earlier version in force again.</summary>
internal static class Revert
{
    private static readonly Argument<long> Version = new("VERSION") { Description = "The version that is to be in force again, as 'scdn config history' shows it; 0: all defaults." };

    public static Command Create() => new Command("revert", "Puts an earlier version of the settings in force again.") { Version }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        var version = context.Get(Version);
        using var admin = ClusterAccess.Connect(context);
        var answer = await admin.RevertConfigurationAsync(new((await admin.ConfigurationAsync(stop)).Version, version), stop);
        context.Printer.Result(answer, CliJson.Lines.ConfigurationAnswer, $"The settings are as they were in version {version}: version {answer.Version} of the configuration.");
    }
}
