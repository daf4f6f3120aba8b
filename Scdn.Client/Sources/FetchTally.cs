using Scdn.Client.Scheduling;

namespace Scdn.Client.Sources;

/// <summary>Counts for <see cref="NetworkStatistics"/>. Not thread-safe.</summary>
internal sealed class FetchTally
{
    private readonly Dictionary<string, long> _byServer = [];
    private long _useful;
    private int _corrupt;
    private int _refused;
    private int _renewals;
    private TimeSpan? _firstByte;

    public void Fetched(string server, int bytes, TimeSpan now)
    {
        _firstByte ??= now;
        _byServer[server] = _byServer.GetValueOrDefault(server) + bytes;
    }

    public void Useful(int bytes) => _useful += bytes;

    public void Corrupt() => _corrupt++;

    public void Refused() => _refused++;

    public void Renewed() => _renewals++;

    public NetworkStatistics Snapshot(ServerBoard servers, int hedges) => new(
        new Dictionary<string, long>(_byServer),
        servers.Entries.Where(entry => entry.InFlight > 0).GroupBy(entry => entry.Server.Name).ToDictionary(entries => entries.Key, entries => entries.Sum(entry => entry.InFlight)),
        _byServer.Values.Sum(),
        _useful,
        servers.Failovers,
        hedges,
        _corrupt,
        _refused,
        _renewals,
        _firstByte)
    {
        FailoversByServer = servers.FailoversByServer,
    };
}
