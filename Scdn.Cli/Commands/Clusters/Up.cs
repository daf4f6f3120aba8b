using System.CommandLine;
using Scdn.Cli.Hosts;
using Scdn.Cli.Input;
using Scdn.Cli.Output;
using Scdn.Cli.Publishers;

namespace Scdn.Cli.Commands.Clusters;

/// <summary><c>scdn cluster up</c>: starts every host as a process of its own, and watches over them until Ctrl-C.</summary>
internal static class Up
{
    private const int MaxServers = 64;

    private static readonly Option<int> Servers = new("--servers")
    {
        Description = $"Number of content servers, 1 to {MaxServers}.", HelpName = "N", DefaultValueFactory = _ => 3,
        Validators = { Numbers.Between(1, MaxServers) },
    };

    private static readonly Option<int> PortBase = new("--port-base")
    {
        Description = "First port: the control host's; the secondary gateway takes the next, content servers those from the tenth on. 0: any free ports.",
        HelpName = "PORT", DefaultValueFactory = _ => 7400,
        Validators = { Numbers.Where(value => value is 0 or (>= 1024 and <= 65000), "0, or 1024 to 65000") },
    };

    private static readonly Option<string?> MaxRate = new("--max-rate") { Description = "What each content server sends at most, such as 12Mbit (default: no cap).", HelpName = "RATE" };

    private static readonly Option<Uri?> Billing = Addresses.Option("--billing", "Address that is asked before anything is played: sets billing.url, until it is unset ('scdn config').");

    private static readonly Option<string[]> Trust = new("--trust")
    {
        Description = "Publish headers of this publisher only, and of others that are named so (the 64 digits that 'scdn inspect' shows); default: of any publisher.",
        HelpName = "PUBLISHER",
    };

    private static readonly Option<string?> Database = new("--database")
    {
        Description = "Keep the control hosts' state in this PostgreSQL database, such as postgres://scdn@db.example/scdn (default: a file in the data folder). The password: PGPASSWORD or ~/.pgpass.", HelpName = "URL",
    };

    private static readonly Option<bool> Detach = new("--detach") { Description = "Return when all hosts are ready, and let them run." };

    public static Command Create() =>
        new Command("up", "Starts a control host, a secondary gateway and content servers.") { Servers, ClusterAccess.Data, PortBase, MaxRate, Billing, Trust, Database, Detach }.Runs(RunAsync);

    private static async Task RunAsync(CommandContext context, CancellationToken stop)
    {
        var plan = new ClusterPlan
        {
            Data = ClusterAccess.DataFolder(context),
            Servers = context.Get(Servers),
            PortBase = context.Get(PortBase),
            MaxRate = context.Get(MaxRate),
            Billing = context.Get(Billing),
            Trust = [.. (context.Get(Trust) ?? []).Select(Signers.Parse)],
            Database = context.Get(Database),
            Detached = context.Get(Detach),
        };
        context.OnInterrupted = "Interrupted; all hosts were stopped.";
        var first = !File.Exists(plan.TokenFile);
        await using var cluster = await StartAsync(context, plan, stop);
        Welcome(context.Printer, cluster, plan, first);
        if (plan.Detached) cluster.Release();
        else await WatchAsync(context, cluster, stop);
    }

    private static async Task<Cluster> StartAsync(CommandContext context, ClusterPlan plan, CancellationToken stop)
    {
        using var line = context.Progress("Starting");
        line.Show("the control host");
        return await Cluster.StartAsync(plan, host => line.Show($"{host.Name} is ready"), stop);
    }

    private static void Welcome(Printer printer, Cluster cluster, ClusterPlan plan, bool first)
    {
        var output = new ClusterUpOutput(cluster.Control, plan.TokenFile, plan.ContentFolder, [.. cluster.Hosts.Select(host => new HostOutput(host.Name, host.Uri, host.Pid))]);
        printer.Result(output, CliJson.Lines.ClusterUpOutput, console =>
        {
            var table = Tables.New("host", "address", "process");
            foreach (var host in output.Hosts) table.Row(host.Name, host.Uri, host.Pid);
            console.Write(table);
            if (first)
            {
                console.Sentence($"The operator's account was made: its token is in {plan.TokenFile}, which only you can read.");
                console.Sentence("The commands of scdn use it by themselves; any other client shows it as 'Authorization: Bearer TOKEN'.");
            }

            console.Sentence($"Publish with 'scdn publish FILE', or by moving files into {plan.ContentFolder}.");
            if (plan.Detached) console.Sentence("The cluster goes on until 'scdn cluster down'.");
        });
    }

    /// <summary>Shows the cluster until Ctrl-C; a host that ends by itself ends it all.</summary>
    private static async Task WatchAsync(CommandContext context, Cluster cluster, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ended = cluster.FirstEndAsync(over.Token);
        using var admin = AdminClient.Connect(cluster.Control, cluster.TokenFile);
        var shown = context.Printer.CanRedraw ? LiveStatus.ShowAsync(context.Printer, admin, "Ctrl-C stops the cluster.", over.Token) : Task.Delay(Timeout.Infinite, over.Token);
        if (!context.Printer.CanRedraw) context.Printer.Say("Ctrl-C stops the cluster.");
        await Task.WhenAny(ended, shown);
        if (stop.IsCancellationRequested) stop.ThrowIfCancellationRequested();
        var lost = ended.IsCompletedSuccessfully ? await ended : null;
        await over.CancelAsync();
        throw new CliException(lost is null ? "The cluster could not be watched any longer; all hosts were stopped." : $"Host {lost.Name} ended by itself, so all were stopped: its log in the folder 'logs' says why.");
    }
}
