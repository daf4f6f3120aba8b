using System.CommandLine;
using System.Net;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Logins;

/// <summary><c>scdn logout</c>: ends what <c>scdn login</c> began.</summary>
internal static class Logout
{
    public static Command Create() => new Command("logout", "Signs you out.").ForViewers().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        var control = ClusterAccess.ControlUri(context);
        if (LoginFile.Find(control) is not { } login) throw new CliException($"Nobody is signed in at {control}.");
        using var admin = AdminClient.Connect(login, ClusterAccess.Trust(context, control));
        // Forgotten also where the host can't be told; it ends there by itself.
        LoginFile.Remove(control);
        try
        {
            await admin.SignOutAsync(stop);
        }
        catch (HostException fault) when (fault.Status == HttpStatusCode.Unauthorized)
        {
            // It has ended already.
        }

        context.Printer.Result(new DoneOutput(login.User, "signed out"), CliJson.Lines.DoneOutput, $"{login.User} is signed out at {control}.");
    }
}
