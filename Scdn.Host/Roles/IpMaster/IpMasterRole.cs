using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Replicas;
using Scdn.Grains.Roles;
using Scdn.Host.Feed;

namespace Scdn.Host.Roles.IpMaster;

/// <summary>Names servers that live, are wanted and hold the content whole, the least loaded first.</summary>
internal sealed class IpMasterRole(Placements placements, LoadTable loads, Random random) : IIpMaster
{
    public Task<Outcome<IReadOnlyList<RankedServer>>> RankAsync(RankRequest request, CancellationToken cancel)
    {
        var candidates =
            from server in placements.Servers
            where placements.FindReplica(server.Id, request.Content) is { } replica && ReplicaGrain.Serves(replica)
            let load = loads.FindAlive(server.Id)
            where load is not null
            select (Server: new RankedServer(server.Id, server.State.Name, server.State.Uri), Load: load);
        RankedServer[] ranked = [.. Ranking.Order(candidates, candidate => candidate.Load, random).Select(candidate => candidate.Server)];
        return Task.FromResult(new Outcome<IReadOnlyList<RankedServer>> { Value = ranked });
    }

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
                   server.Id, server.State.Name, server.State.Uri, report is not null && loads.IsAlive(report), report?.At, report?.Load, placements.CountServed(server.Id)),
        ];
        return Task.FromResult(new Outcome<IReadOnlyList<ServerStatus>> { Value = servers });
    }
}
