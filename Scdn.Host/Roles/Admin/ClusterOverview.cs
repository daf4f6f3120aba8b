using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.ContentServers;
using Scdn.Grains.ControlHosts;
using Scdn.Grains.Manifests;
using Scdn.Grains.Roles;
using Scdn.Grains.Storage;
using Scdn.Host.Data;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin;

/// <summary>The cluster at a glance, and what was counted since its beginning.</summary>
internal sealed class ClusterOverview(
    IGrainStore store, Catalogue catalogue, Sessions sessions, IRecordStore records, IIpMaster ipMaster, ClusterDirectory directory, HostSettings settings, TimeProvider time) : IDisposable
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

    public async Task<StatsAnswer> StatisticsAsync(CancellationToken cancel)
    {
        var (titles, names) = (new Dictionary<ContentId, string>(), new Dictionary<ServerId, string>());
        await foreach (var manifest in store.ListAllAsync<ManifestState>(cancel))
        {
            if (ContentId.TryParse(manifest.Id, out var id)) titles[id] = manifest.State.Title;
        }

        await foreach (var server in store.ListAllAsync<ContentServerState>(cancel))
        {
            if (ServerId.TryParse(server.Id, out var id)) names[id] = server.State.Name;
        }

        var contents = (await records.ContentCountersAsync(cancel)).Select(one => new ContentStats(one.Content, titles.GetValueOrDefault(one.Content, ""), one.Plays, one.Requests, one.Bytes)).ToList();
        var servers = (await records.ServerCountersAsync(cancel)).Select(one => new ServerStats(one.Server, names.GetValueOrDefault(one.Server, ""), one.Requests, one.Bytes, one.Errors)).ToList();
        return new StatsAnswer(
            [.. contents.OrderByDescending(content => content.Bytes)],
            [.. servers.OrderBy(server => server.Name, StringComparer.Ordinal)],
            contents.Sum(content => content.Plays),
            contents.Sum(content => content.Bytes));
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
