using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Logins;

/// <summary><c>scdn login</c>: signs an operator in, for all commands that follow.</summary>
internal static class Login
{
    private static readonly Option<string> User = new("--user") { Description = "The operator's name.", HelpName = "NAME", Required = true };
    private static readonly Option<FileInfo?> PasswordFile = Passwords.FileOption();

    public static Command Create() =>
        new Command("login", "Signs you in as an operator: all other commands work as that operator until 'scdn logout', for 12 hours at most.") { User, PasswordFile }.ForViewers().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        var control = ClusterAccess.ControlUri(context);
        var user = context.Get(User)!;
        var trust = ClusterAccess.Trust(context, control);
        using var admin = AdminClient.Connect(control, trust);
        var password = await Passwords.ReadAsync(context.Get(PasswordFile), user, repeat: false, stop);
        var signedIn = await admin.SignInAsync(new(user, password), stop);
        LoginFile.Write(new(control, signedIn.Name, signedIn.Token, signedIn.Expires, trust.Learn([signedIn.Pins]).Pins));
        context.Printer.Result(
            new LoginOutput(control, signedIn.Name, signedIn.Role, signedIn.Expires), CliJson.Lines.LoginOutput,
            $"You are signed in at {control} as {signedIn.Name} ({Operators.Roles.Word(signedIn.Role)}) until {Units.Instant(signedIn.Expires)}.");
    }
}
