using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin;

/// <summary>The cluster at a glance.</summary>
internal sealed class ClusterOverview(
    Catalogue catalogue, Sessions sessions, IIpMaster ipMaster, ClusterDirectory directory, HostSettings settings, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan PingTimeout = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = PingTimeout };

    public async Task<ClusterStatus> StatusAsync(CancellationToken cancel)
    {
        var hosts = Task.WhenAll(directory.ControlHosts.Select(host => StatusOfAsync(host.Name, host.State, cancel)));
        var servers = await ipMaster.ListServersAsync(Done.Instance, cancel);
        return new ClusterStatus(
            Health.Version, time.GetUtcNow(), await hosts, servers.Value ?? [], await catalogue.ListStatusAsync(cancel), await sessions.CountValidAsync(cancel));
    }

    public void Dispose() => _http.Dispose();

    private async Task<HostStatus> StatusOfAsync(string name, ControlHostState host, CancellationToken cancel) =>
        new(name, host.Uri, host.Roles, name == settings.Name || await LivesAsync(host.Uri, cancel));

    private async Task<bool> LivesAsync(Uri host, CancellationToken cancel)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(host, "/health"), cancel);
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
