using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Scdn.Format;

namespace Scdn.Cli.Hosts;

/// <summary>A cluster of processes on this machine, as long as this program looks after it.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan JoinLook = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly List<(HostProcess Process, ClusterHost Entry)> _hosts = [];
    private readonly ClusterPlan _plan;
    private bool _released;

    private Cluster(ClusterPlan plan) => _plan = plan;

    /// <summary>All processes, the control host first.</summary>
    public IReadOnlyList<ClusterHost> Hosts => [.. _hosts.Select(host => host.Entry)];

    /// <summary>Where the control host answers.</summary>
    public Uri Control => _hosts[0].Entry.Uri;

    /// <summary>The operator's token, which the control host made.</summary>
    public string TokenFile => _plan.TokenFile;

    /// <summary>Starts all hosts; when one of them can't be started, none is left.</summary>
    /// <param name="plan">What to start.</param>
    /// <param name="started">Told of each host as soon as it is ready.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Cluster> StartAsync(ClusterPlan plan, Action<ClusterHost> started, CancellationToken stop)
    {
        // Held until all have started: who comes second must neither start its own nor clear up the first one's.
        using var alone = ClusterLock.Take(plan.Data);
        if (ClusterFile.Find(plan.Data) is { Alive: [var running, ..] })
            throw new CliException($"A cluster runs in {plan.Data} already (process {running.Pid} at {running.Uri}): stop it with 'scdn cluster down', or choose another folder with --data.");
        var cluster = new Cluster(plan);
        try
        {
            RequireFreePorts(plan);
            Directory.CreateDirectory(plan.ContentFolder);
            Directory.CreateDirectory(plan.LogFolder);
            await cluster.StartControlAsync(started, stop);
            await cluster.SetBillingAsync(stop);
            // The others need nothing but the control host: side by side they take half the time.
            await Task.WhenAll(Enumerable.Range(1, plan.Servers).Select(number => cluster.StartServerAsync(number, started, stop)).Append<Task>(cluster.StartGatewayAsync(started, stop)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes with the first host that ended by itself.</summary>
    public async Task<ClusterHost> FirstEndAsync(CancellationToken stop)
    {
        var ends = _hosts.Select(host => host.Process.EndedAsync(stop)).ToList();
        var ended = await Task.WhenAny(ends);
        await ended;
        return _hosts[ends.IndexOf(ended)].Entry;
    }

    /// <summary>Leaves the processes to themselves.</summary>
    public void Release() => _released = true;

    /// <summary>Stops all that still run, the control host last, unless they were released.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_released)
        {
            await StopAsync(Hosts);
            // Another's, begun meanwhile, stays findable.
            if (ClusterFile.Find(_plan.Data) is { Alive: [] }) ClusterFile.Remove(_plan.Data);
        }

        foreach (var (process, _) in _hosts) process.Dispose();
        _hosts.Clear();
    }

    /// <summary>Stops the hosts of a cluster, the control host last, so that the others can still hand in what they have. Gives how many had to be killed.</summary>
    public static async Task<int> StopAsync(IReadOnlyList<ClusterHost> hosts)
    {
        var killed = await ProcessIdentity.StopAsync([.. hosts.Skip(1).Select(host => host.Process)], CancellationToken.None);
        return killed + await ProcessIdentity.StopAsync([.. hosts.Take(1).Select(host => host.Process)], CancellationToken.None);
    }

    /// <summary>Hosts say it themselves when a port is taken; but the tenth of them only after nine were started for nothing.</summary>
    private static void RequireFreePorts(ClusterPlan plan)
    {
        if (plan.PortBase == 0) return;
        foreach (var port in Enumerable.Range(1, plan.Servers).Select(plan.Server).Prepend(plan.Gateway).Prepend(plan.Control).Select(uri => uri.Port))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            }
            catch (SocketException fault) when (fault.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                throw new CliException($"Port {port} is taken: stop the program that uses it, or choose other ports with --port-base.", fault);
            }
        }
    }

    private string[] Store => _plan.Database is null ? [] : ["--database", _plan.Database];

    private Task<ClusterHost> StartControlAsync(Action<ClusterHost> started, CancellationToken stop)
    {
        string[] arguments =
        [
            "--roles", "admin,cdmaster,ipmaster,proxy,gateway,site", "--gateway", "primary", "--data", _plan.ControlFolder, "--content-folder", _plan.ContentFolder,
            .. _plan.Trust.SelectMany(publisher => (string[])["--trust", publisher.ToString()]),
            .. Store,
        ];
        return StartAsync("control", _plan.Control, arguments, started, stop);
    }

    private async Task SetBillingAsync(CancellationToken stop)
    {
        if (_plan.Billing is null) return;
        using var admin = AdminClient.Connect(Control, TokenFile);
        await BillingSetting.SetAsync(admin, _plan.Billing, stop);
    }

    private Task<ClusterHost> StartGatewayAsync(Action<ClusterHost> started, CancellationToken stop) =>
        StartAsync("gateway-2", _plan.Gateway, ["--roles", "gateway", "--gateway", "secondary", "--data", _plan.ControlFolder, .. Store], started, stop);

    private async Task StartServerAsync(int number, Action<ClusterHost> started, CancellationToken stop)
    {
        var name = $"s{number}";
        var data = Path.Combine(_plan.Data, "servers", name);
        var tokenFile = Path.Combine(data, "join.token");
        Directory.CreateDirectory(data);
        using var admin = AdminClient.Connect(Control, TokenFile);
        var token = await admin.NewJoinTokenAsync(stop);
        File.Delete(tokenFile);
        PrivateFile.WriteNew(tokenFile, Encoding.ASCII.GetBytes(token.Token));
        string[] arguments =
        [
            "--roles", "content", "--data", data, "--control", Control.ToString(), "--join-token-file", tokenFile,
            .. _plan.MaxRate is null ? Array.Empty<string>() : ["--max-rate", _plan.MaxRate],
        ];
        try
        {
            var server = await StartAsync(name, _plan.Server(number), arguments, started, stop);
            await JoinedAsync(admin, server, stop);
        }
        finally
        {
            // One that has joined before came back with its own key, and left the token unused.
            File.Delete(tokenFile);
        }
    }

    private async Task JoinedAsync(AdminClient admin, ClusterHost server, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        while (!(await admin.ServersAsync(stop)).Any(joined => joined.Name == server.Name && joined.Uri == server.Uri && joined.Alive))
        {
            var log = Path.Combine(_plan.LogFolder, $"{server.Name}.log");
            if (!server.Process.IsAlive) throw new CliException($"Content server {server.Name} ended before it had joined: see {log}.");
            if (clock.Elapsed > JoinLimit) throw new CliException($"Content server {server.Name} has not joined within {JoinLimit.TotalSeconds:0} seconds: see {log}.");
            await Task.Delay(JoinLook, stop);
        }
    }

    private async Task<ClusterHost> StartAsync(string name, Uri listen, string[] roles, Action<ClusterHost> started, CancellationToken stop)
    {
        string[] arguments =
        [
            .. roles, "--name", name, "--listen", listen.ToString(), "--log-file", Path.Combine(_plan.LogFolder, $"{name}.log"),
            .. _plan.Detached ? Array.Empty<string>() : ["--parent-pid", Environment.ProcessId.ToString()],
        ];
        var (process, address) = await HostProcess.StartAsync(name, arguments, _plan.Detached, stop);
        var entry = new ClusterHost(name, address, process.Identity.Pid, process.Identity.Started);
        lock (_gate)
        {
            _hosts.Add((process, entry));
            // Written after each start: should this program be killed, "cluster down" still finds what it left.
            new ClusterFile(Control, Hosts).Write(_plan.Data);
            started(entry);
        }

        return entry;
    }
}
