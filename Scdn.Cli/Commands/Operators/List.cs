using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Operators;

/// <summary><c>scdn operator list</c>: all accounts.</summary>
internal static class List
{
    public static Command Create() => new Command("list", "Lists operators' accounts.").ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var operators = await admin.OperatorsAsync(stop);
        context.Printer.Result(operators, CliJson.Lines.IReadOnlyListOperatorSummary, console =>
        {
            var table = Tables.New("operator", "role", "created", "disabled");
            foreach (var one in operators) table.Row(one.Name, Roles.Word(one.Role), Units.Instant(one.Created), one.Disabled is { } disabled ? Units.Instant(disabled) : "");
            console.Write(table);
        });
    }
}
