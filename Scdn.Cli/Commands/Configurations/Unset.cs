using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Configurations;

/// <summary><c>scdn config unset</c>: takes settings back to their defaults.</summary>
internal static class Unset
{
    private static readonly Argument<string[]> Names = new("NAME") { Description = "The settings.", Arity = ArgumentArity.OneOrMore };

    public static Command Create() => new Command("unset", "Takes settings back to their defaults.") { Names }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        var names = context.Get(Names).Distinct().ToList();
        using var admin = ClusterAccess.Connect(context);
        var answer = await admin.ChangeConfigurationAsync(new((await admin.ConfigurationAsync(stop)).Version, names.ToDictionary(name => name, _ => (string?)null)), stop);
        context.Printer.Result(answer, CliJson.Lines.ConfigurationAnswer, ConfigCommand.Sentence(answer, names));
    }
}
