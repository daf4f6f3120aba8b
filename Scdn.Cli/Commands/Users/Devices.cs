using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Users;

/// <summary><c>scdn user devices</c>: the devices of an account, and forgetting one.</summary>
internal static class Devices
{
    private static readonly Argument<string> Name = new("NAME") { Description = "What the viewer signs in with." };
    private static readonly Option<string?> Remove = new("--remove") { Description = "Forget this device, so that another one may be used, and end its sessions.", HelpName = "DEVICE" };

    public static Command Create() => new Command("devices", "Lists the devices that an account was signed in with, or forgets one.") { Name, Remove }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        var name = context.Get(Name);
        if (context.Get(Remove) is { } device)
        {
            await admin.RemoveDeviceAsync(name, device, stop);
            context.Printer.Result(new DoneOutput(device, "removed"), CliJson.Lines.DoneOutput, $"Device {device} of user {name} was removed; its sessions were ended.");
            return;
        }

        var devices = await admin.DevicesAsync(name, stop);
        context.Printer.Result(devices, CliJson.Lines.IReadOnlyListDeviceSummary, console =>
        {
            var table = Tables.New("device", "since", "last signed in");
            foreach (var one in devices) table.Row(one.Key, Units.Instant(one.Since), Units.Instant(one.Seen));
            console.Write(table);
        });
    }
}
