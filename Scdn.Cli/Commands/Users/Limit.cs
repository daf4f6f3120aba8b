using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Users;

/// <summary><c>scdn user limit</c>: gives an account limits of its own.</summary>
internal static class Limit
{
    private static readonly Argument<string> Name = new("NAME") { Description = "What the viewer signs in with." };
    private static readonly Option<string?> Streams = new("--streams") { Description = "How many streams may play at the same time: a number from 1 to 100, none (without limit) or default (as for everybody: 'scdn config').", HelpName = "N" };
    private static readonly Option<string?> Devices = new("--devices") { Description = "How many devices there may be, likewise.", HelpName = "N" };
    private static readonly Option<string?> Addresses = new("--addresses") { Description = "From where it may be used, such as 10.0.0.0/8,2001:db8::/32, or none (from anywhere).", HelpName = "RANGES" };

    public static Command Create()
    {
        var command = new Command("limit", "Gives an account limits of its own; what is not named stays as it is.") { Name, Streams, Devices, Addresses };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Streams) is null && result.GetValue(Devices) is null && result.GetValue(Addresses) is null) result.AddError("Say which limit: --streams, --devices or --addresses.");
        });
        return command.ForOperators().Runs(RunAsync);
    }

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var user = await admin.LimitUserAsync(context.Get(Name), new(context.Get(Streams), context.Get(Devices), context.Get(Addresses)), stop);
        context.Printer.Result(user, CliJson.Lines.UserSummary, user.Limits is { } own ? $"User {user.Name} has limits of its own, {LimitText.Of(own)}." : $"User {user.Name} has the limits of everybody.");
    }
}
