using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Operators;

/// <summary><c>scdn operator remove</c>: disables an account.</summary>
internal static class Remove
{
    private static readonly Argument<string> Name = new("NAME") { Description = "What the operator signs in with." };

    public static Command Create() => new Command("remove", "Disables an operator's account and its tokens, at once and for good.") { Name }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var name = context.Get(Name);
        await admin.DisableOperatorAsync(name, stop);
        context.Printer.Result(new DoneOutput(name, "disabled"), CliJson.Lines.DoneOutput, $"The account of operator {name} was disabled, with all its tokens.");
    }
}
