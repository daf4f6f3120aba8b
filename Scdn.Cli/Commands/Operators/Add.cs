using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Format.Wire;

namespace Scdn.Cli.Commands.Operators;

/// <summary><c>scdn operator add</c>: makes an account.</summary>
internal static class Add
{
    private static readonly Argument<string> Name = new("NAME") { Description = "What the operator signs in with." };
    private static readonly Option<OperatorRole> Role = Roles.Option();
    private static readonly Option<FileInfo?> PasswordFile = Passwords.FileOption();

    public static Command Create() => new Command("add", "Makes an operator's account, with which 'scdn login' signs in.") { Name, Role, PasswordFile }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var name = context.Get(Name);
        var password = await Passwords.ReadAsync(context.Get(PasswordFile), name, repeat: true, stop);
        var added = await admin.AddOperatorAsync(new(name, context.Get(Role), password), stop);
        context.Printer.Result(added, CliJson.Lines.OperatorSummary, $"Operator {added.Name} was added.");
    }
}
