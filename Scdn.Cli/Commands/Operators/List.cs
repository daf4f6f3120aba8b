using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Operators;

/// <summary><c>scdn operator list</c>: all tokens, without themselves.</summary>
internal static class List
{
    public static Command Create() => new Command("list", "Lists operators.").ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var operators = await admin.OperatorsAsync(stop);
        context.Printer.Result(operators, CliJson.Lines.IReadOnlyListOperatorSummary, console =>
        {
            var table = Tables.New("id", "operator", "role", "created", "expires", "revoked");
            foreach (var one in operators)
            {
                table.Row(
                    one.Id, one.Name, one.Role.ToString().ToLowerInvariant(), Units.Instant(one.Created), one.Expires is { } expires ? Units.Instant(expires) : "never",
                    one.Revoked is { } revoked ? Units.Instant(revoked) : "");
            }

            console.Write(table);
        });
    }
}
