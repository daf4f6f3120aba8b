using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Replicas;
using Scdn.Grains.Roles;
using Scdn.Host.Feed;

namespace Scdn.Host.Roles.IpMaster;

/// <summary>
/// Names servers that live, are wanted and hold the content whole, the least loaded first. A new version is played as soon as one of them has all of it. Just after its own start it names those last that it has not heard of yet, so that a viewer who
/// comes then is not left with the one server that spoke first.
/// </summary>
internal sealed class IpMasterRole(Placements placements, LoadTable loads, Random random) : IIpMaster
{
    public Task<Outcome<Ranked>> RankAsync(RankRequest request, CancellationToken cancel)
    {
        var holders =
            from server in placements.Servers
            let version = placements.FindReplica(server.Id, request.Content) is { } replica ? VersionThere(replica, request.Version) : 0
            let load = loads.FindAlive(server.Id)
            where version > 0 && (load is not null || loads.MayLive(server.Id))
            select (Server: new RankedServer(server.Id, server.State.Name, server.State.Uri, server.State.Pins), Version: version, Load: load);
        var newest = holders.GroupBy(server => server.Version).MaxBy(version => (version.Any(server => server.Load is not null), version.Key));
        var ranked = newest is null
            ? new Ranked(0, [])
            : new Ranked(newest.Key, [.. Ranking.Order(newest, server => server.Load, random).Select(server => server.Server)]);
        return Task.FromResult<Outcome<Ranked>>(ranked);
    }

    /// <summary>The version that a viewer gets there: the one asked for, or else the newest; 0: none.</summary>
    private static int VersionThere(ReplicaState replica, int? wanted) =>
        wanted is not { } version ? ReplicaGrain.ServedVersion(replica) : ReplicaGrain.ServesVersion(replica, version) ? version : 0;

    public Task<Outcome<Done>> ReportLoadAsync(LoadReport report, CancellationToken cancel)
    {
        loads.Report(report.Server, report.Load);
        return Task.FromResult<Outcome<Done>>(Done.Instance);
    }

    public Task<Outcome<IReadOnlyList<ServerStatus>>> ListServersAsync(Done request, CancellationToken cancel)
    {
        ServerStatus[] servers =
        [
            .. from server in placements.Servers
               orderby server.State.Name, server.Id.ToString()
               let report = loads.Find(server.Id)
               select new ServerStatus(
                   server.Id, server.State.Name, server.State.Uri, report is not null && loads.IsAlive(report), report?.At, report?.Load, placements.CountServed(server.Id), server.State.Pins),
        ];
        return Task.FromResult(new Outcome<IReadOnlyList<ServerStatus>> { Value = servers });
    }
}
