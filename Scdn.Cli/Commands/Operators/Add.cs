using System.CommandLine;
using System.Text;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Cli.Commands.Operators;

/// <summary><c>scdn operator add</c>: makes a token, in a file of its owner only.</summary>
internal static class Add
{
    private static readonly Argument<string> Name = new("NAME") { Description = "Whose token it is, for people." };

    private static readonly Option<OperatorRole> Role = new("--role")
    {
        Description = "What it allows: viewer (look), publisher (publish and withdraw, too), operator (users, sessions, keys and servers, too) or owner (operators, too).", HelpName = "ROLE", DefaultValueFactory = _ => OperatorRole.Viewer,
    };

    private static readonly Option<DateTimeOffset?> Expires = new("--expires") { Description = "Until when, such as 2030-12-31T23:59Z (default: without end).", HelpName = "TIME" };

    private static readonly Option<FileInfo> Out = new("--out") { Description = "The file for the token; never overwritten. Whoever has it works with '--token-file FILE'.", HelpName = "FILE", Required = true };

    public static Command Create() => new Command("add", "Makes an operator's token.") { Name, Role, Expires, Out }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var file = context.Get(Out)!.FullName;
        if (Path.Exists(file)) throw new CliException($"The file {file} exists already: remove it, or choose another name.");
        var added = await admin.AddOperatorAsync(new(context.Get(Name), context.Get(Role), context.Get(Expires)), stop);
        try
        {
            PrivateFile.WriteNew(file, Encoding.ASCII.GetBytes($"{added.Token}\n"));
        }
        catch
        {
            // A token that nobody holds is of no use.
            await admin.RevokeOperatorAsync(added.Operator.Id, CancellationToken.None);
            throw;
        }

        var made = added.Operator;
        context.Printer.Result(
            new OperatorAddedOutput(made.Id, made.Name, made.Role, made.Expires, file), CliJson.Lines.OperatorAddedOutput,
            $"Operator {made.Name} was added: the token is in {file}, which only you can read, and can't be read from anywhere else.");
    }
}
