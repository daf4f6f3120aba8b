using System.CommandLine;
using Scdn.Cli.Commands.Operators;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Tokens;

/// <summary><c>scdn token list</c>: tokens, without themselves.</summary>
internal static class List
{
    public static Command Create() => new Command("list", "Lists operators' tokens: of an owner all, else your own.").ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var tokens = await admin.TokensAsync(stop);
        context.Printer.Result(tokens, CliJson.Lines.IReadOnlyListTokenSummary, console =>
        {
            var table = Tables.New("id", "token", "role", "scopes", "account", "created", "expires", "revoked", "made by");
            foreach (var one in tokens)
            {
                table.Row(
                    one.Id, one.SignIn ? "(sign-in)" : one.Name, Roles.Word(one.Role), one.Scopes is { } scopes ? string.Join(' ', scopes) : "all", one.Account ?? "", Units.Instant(one.Created),
                    one.Expires is { } expires ? Units.Instant(expires) : "never", one.Revoked is { } revoked ? Units.Instant(revoked) : "", one.MadeBy ?? "the first start");
            }

            console.Write(table);
        });
    }
}
