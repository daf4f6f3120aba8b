using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Output;

namespace Scdn.Cli.Commands.Clusters;

/// <summary><c>scdn cluster status</c>: hosts, servers and contents at a glance, once or as it changes.</summary>
internal static class Status
{
    private static readonly Option<bool> Watch = new("--watch") { Description = "Go on showing it, with what happens, until Ctrl-C." };

    public static Command Create() => new Command("status", "Shows hosts, servers and contents.") { Watch }.ForOperators().Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        using var admin = ClusterAccess.Connect(context);
        context.OnInterrupted = "Interrupted; the cluster runs on.";
        if (context.Get(Watch)) await WatchAsync(context.Printer, admin, stop);
        else
        {
            var status = await admin.StatusAsync(stop);
            context.Printer.Result(status, CliJson.Lines.ClusterStatus, console => console.Write(ClusterView.Draw(status)));
        }
    }

    private static async Task WatchAsync(Printer printer, AdminClient admin, CancellationToken stop)
    {
        if (printer.CanRedraw)
        {
            await LiveStatus.ShowAsync(printer, admin, "Ctrl-C ends the view; the cluster runs on.", stop);
            return;
        }

        // Nobody to redraw for: what happens is told line by line.
        await foreach (var happened in admin.EventsAsync(stop))
            printer.Result(happened, CliJson.Lines.LiveEvent, $"{Units.Instant(happened.At)} {happened.Kind}: {happened.Text}");
        throw new HostException("The control host ended the list of events: see whether it still runs with 'scdn cluster status'.");
    }
}
