using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Users;

/// <summary><c>scdn user disable</c>: closes an account.</summary>
internal static class Disable
{
    private static readonly Argument<string> Name = new("NAME") { Description = "What the viewer signs in with." };

    public static Command Create() => new Command("disable", "Closes an account for good and ends its sessions: what plays by it stops.") { Name }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var name = context.Get(Name);
        await admin.DisableUserAsync(name, stop);
        context.Printer.Result(new DoneOutput(name, "disabled"), CliJson.Lines.DoneOutput, $"User {name} was disabled; open sessions were ended.");
    }
}
