using System.CommandLine;
using System.Text;
using Scdn.Cli.Commands.Operators;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Cli.Commands.Tokens;

/// <summary><c>scdn token add</c>: makes a token, in a file of its owner only.</summary>
internal static class Add
{
    private static readonly Argument<string> Name = new("NAME") { Description = "What it is called, for people." };

    private static readonly Option<OperatorRole> Role = Roles.Option();

    private static readonly Option<OperatorScope[]?> Scopes = new("--scopes")
    {
        Description = $"What of its role it may, separated by commas: {OperatorScope.Form}; to write is to read, too (default: all).", HelpName = "SCOPE,…", CustomParser = result =>
        {
            var scopes = new List<OperatorScope>();
            foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
            {
                if (OperatorScope.TryParse(text, out var scope)) scopes.Add(scope);
                else result.AddError($"There is no scope '{text}': write {OperatorScope.Form}.");
            }

            if (scopes.Count == 0 && result.Tokens.Count > 0 && !result.Errors.Any()) result.AddError($"No scope is named: write {OperatorScope.Form}, or leave the option out for all.");
            return [.. scopes];
        },
    };

    private static readonly Option<DateTimeOffset?> Expires = Ends.Option("--expires", "For how long, such as 90d or 12h, or until when, such as 2030-12-31T23:59Z (default: without end).");

    private static readonly Option<string?> Account = new("--account") { Description = "The operator whose it is, and with whose account it ends (default: you; of an owner, nobody).", HelpName = "NAME" };

    private static readonly Option<FileInfo> Out = new("--out") { Description = "The file for the token; never overwritten. Whoever has it works with '--token-file FILE'.", HelpName = "FILE", Required = true };

    public static Command Create() => new Command("add", "Makes an operator's token.") { Name, Role, Scopes, Expires, Account, Out }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var file = context.Get(Out)!.FullName;
        if (Path.Exists(file)) throw new CliException($"The file {file} exists already: remove it, or choose another name.");
        var added = await admin.AddTokenAsync(new(context.Get(Name), context.Get(Role), context.Get(Scopes) is { Length: > 0 } scopes ? scopes : null, context.Get(Expires), context.Get(Account)), stop);
        var made = added.Summary;
        try
        {
            PrivateFile.WriteNew(file, Encoding.ASCII.GetBytes($"{added.Token}\n"));
        }
        catch
        {
            // A token that nobody holds is of no use.
            await admin.RevokeTokenAsync(made.Id, CancellationToken.None);
            throw;
        }

        context.Printer.Result(
            new TokenAddedOutput(made.Id, made.Name, made.Role, made.Scopes, made.Expires, made.Account, file), CliJson.Lines.TokenAddedOutput,
            $"Token {made.Name} ({made.Id}) was made: it is in {file}, which only you can read, and can't be read from anywhere else.");
    }
}
