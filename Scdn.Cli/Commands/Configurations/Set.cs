using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Configurations;

/// <summary><c>scdn config set</c>: sets settings, all of them or none.</summary>
internal static class Set
{
    private static readonly Argument<string[]> Pairs = new("NAME VALUE") { Description = "A setting and its value; further pairs may follow.", Arity = ArgumentArity.OneOrMore };

    public static Command Create() => new Command("set", "Sets settings.") { Pairs }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        var pairs = context.Get(Pairs).Chunk(2).ToList();
        if (pairs.Find(pair => pair.Length < 2) is [var alone]) throw new CliException($"'{alone}' has no value: write 'scdn config set NAME VALUE', with a pair for each setting.");
        if (pairs.CountBy(pair => pair[0]).FirstOrDefault(name => name.Value > 1).Key is { } twice) throw new CliException($"'{twice}' is named twice: give it one value.");
        var values = pairs.ToDictionary(pair => pair[0], pair => (string?)pair[1]);

        using var admin = ClusterAccess.Connect(context);
        var answer = await admin.ChangeConfigurationAsync(new((await admin.ConfigurationAsync(stop)).Version, values), stop);
        context.Printer.Result(answer, CliJson.Lines.ConfigurationAnswer, ConfigCommand.Sentence(answer, values.Keys));
    }
}
