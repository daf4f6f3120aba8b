using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Operators;

/// <summary><c>scdn operator password</c>: another password, for oneself or, as an owner, for somebody else.</summary>
internal static class Password
{
    private static readonly Argument<string?> Name = new("NAME") { Description = "Whose, as an owner; without it, your own.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<FileInfo?> PasswordFile = Passwords.FileOption();

    private static readonly Option<FileInfo?> CurrentFile = new("--current-password-file")
    {
        Description = "Read your present password from the first line of this file instead of asking.", HelpName = "FILE",
    };

    public static Command Create() => new Command("password", "Gives an operator another password; whoever is signed in with the one before is signed out.") { Name, PasswordFile, CurrentFile }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        if (context.Get(Name) is { } name)
        {
            await admin.SetPasswordAsync(name, new(await Passwords.ReadAsync(context.Get(PasswordFile), name, repeat: true, stop)), stop);
            context.Printer.Result(new DoneOutput(name, "password changed"), CliJson.Lines.DoneOutput, $"Operator {name} has another password.");
            return;
        }

        var current = await Passwords.ReadAsync(context.Get(CurrentFile), "yours, the present one", repeat: false, stop);
        await admin.ChangePasswordAsync(new(current, await Passwords.ReadAsync(context.Get(PasswordFile), "yours, the new one", repeat: true, stop)), stop);
        context.Printer.Result(new DoneOutput("", "password changed"), CliJson.Lines.DoneOutput, "You have another password: sign in again with 'scdn login'.");
    }
}
