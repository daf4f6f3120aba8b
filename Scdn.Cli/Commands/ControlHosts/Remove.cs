using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.ControlHosts;

/// <summary><c>scdn host remove</c>: takes a control host out of the cluster.</summary>
internal static class Remove
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The control host's name." };

    public static Command Create() =>
        new Command("remove", "Takes a control host out of the cluster: it stops, and neither its key nor what it has signed is accepted any more. Asked at another control host.") { Name }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var name = context.Get(Name);
        await admin.RemoveHostAsync(name, stop);
        context.Printer.Result(new DoneOutput(name, "removed"), CliJson.Lines.DoneOutput, $"Control host {name} was removed: who signed in through it signs in again.");
    }
}
