using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.Storage;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Benchmarks;

/// <summary>Follows the feed as a content server does, with its key and from host to host, and notes what it was told of authentication keys.</summary>
internal sealed class FeedListener(Uri[] hosts, HostKey key) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Lock _gate = new();
    private readonly HashSet<KeyId> _all = [];
    private readonly HashSet<KeyId> _sinceReset = [];

    private FeedPosition? _position;

    /// <summary>How often it went on at another host, or at the same one again.</summary>
    public int Moves { get; private set; }

    /// <summary>How often it had to begin anew, from a snapshot.</summary>
    public int Resets { get; private set; }

    /// <summary>How often it was told something again, or of something before what it knew.</summary>
    public int Repeats { get; private set; }

    public static FeedListener AsServer(BenchmarkCluster cluster, string server) => new(
        [cluster.Cluster.Host("control").Uri, cluster.Cluster.Host("gateway-2").Uri],
        new HostKey(new() { Roles = ["content"], Name = server, DataFolder = cluster.Cluster.ServerData(server), Listen = cluster.Cluster.Host(server).Uri }, TimeProvider.System));

    /// <summary>Whether it was told of a key.</summary>
    public bool HasHeardOf(KeyId id)
    {
        lock (_gate) return _all.Contains(id);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            try
            {
                await FollowAsync(hosts[turn % hosts.Length], stop);
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException)
            {
                // Killed, or not yet up again.
                await Task.Delay(20, stop);
            }

            Moves++;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        key.Dispose();
    }

    private async Task FollowAsync(Uri host, CancellationToken stop)
    {
        var url = new Uri(host, _position is { } from ? $"/v1/feed?epoch={from.Epoch}&sequence={from.Sequence}" : "/v1/feed");
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add(ProofReader.HeaderName, key.Prove(HttpMethod.Get, url, accessToken: null, []));
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        while (await reader.ReadLineAsync(stop) is { } text) Take(JsonSerializer.Deserialize<FeedLine>(text, JsonSerializerOptions.Web)!);
    }

    private void Take(FeedLine line)
    {
        lock (_gate)
        {
            if (line.Reset)
            {
                if (_all.Count > 0) Resets++;
                _sinceReset.Clear();
                _position = null;
                return;
            }

            if (line.Sequence is { } sequence)
            {
                if (_position is { } known && (line.Epoch != known.Epoch || sequence < known.Sequence)) Repeats++;
                _position = new(line.Epoch, sequence);
            }

            if (line.Key is not { Revoked: false } standing) return;
            _all.Add(standing.Id);
            if (!_sinceReset.Add(standing.Id)) Repeats++;
        }
    }
}
