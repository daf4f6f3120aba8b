using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;
using Scdn.Host.Remote;

namespace Scdn.Host.Roles.Admin;

/// <summary>The cluster at a glance.</summary>
internal sealed class ClusterOverview(
    Catalogue catalogue, Sessions sessions, IIpMaster ipMaster, ClusterDirectory directory, ControlClients clients, HostSettings settings, TimeProvider time)
{
    private static readonly TimeSpan PingTimeout = TimeSpan.FromMilliseconds(500);

    public async Task<ClusterStatus> StatusAsync(CancellationToken cancel)
    {
        var hosts = HostsAsync(cancel);
        var servers = await ipMaster.ListServersAsync(Done.Instance, cancel);
        return new ClusterStatus(
            Health.Version, time.GetUtcNow(), await hosts, servers.Value ?? [], await catalogue.ListStatusAsync(cancel), await sessions.CountValidAsync(cancel));
    }

    /// <summary>Control hosts, and whether they answer.</summary>
    public async Task<IReadOnlyList<HostStatus>> HostsAsync(CancellationToken cancel) =>
        await Task.WhenAll(directory.ControlHosts.Select(host => StatusOfAsync(host.Name, host.State, cancel)));

    private async Task<HostStatus> StatusOfAsync(string name, ControlHostState host, CancellationToken cancel) =>
        new(name, host.Uri, host.Roles, name == settings.Name || await LivesAsync(host, cancel), host.Pins);

    private async Task<bool> LivesAsync(ControlHostState host, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(PingTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            using var answer = await clients.For(host.Uri, host.Pins?.All ?? []).GetAsync(new Uri(host.Uri, "/health"), either.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
