using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Tokens;

/// <summary><c>scdn token remove</c>: revokes a token.</summary>
internal static class Remove
{
    private static readonly Argument<string> Id = new("ID") { Description = "The token's id, as 'scdn token list' shows it." };

    public static Command Create() => new Command("remove", "Revokes an operator's token, at once and for good.") { Id }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var id = context.Get(Id);
        await admin.RevokeTokenAsync(id, stop);
        context.Printer.Result(new DoneOutput(id, "revoked"), CliJson.Lines.DoneOutput, $"Token {id} was revoked.");
    }
}
