using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Grains.Roles;

/// <summary>The IP master: names the best content servers for a viewer, without DNS and without standing in the traffic's way.</summary>
public interface IIpMaster : IRole
{
    static string IRole.Name => "ipmaster";

    /// <summary>Servers that live and hold the content whole, in the newest version that one of them holds or the one that is asked for, best first; empty when there is none.</summary>
    Task<Outcome<Ranked>> RankAsync(RankRequest request, CancellationToken cancel);

    /// <summary>A content server's load, each second. A server that has been silent for 3 seconds is dead.</summary>
    [ToldToAll]
    Task<Outcome<Done>> ReportLoadAsync(LoadReport report, CancellationToken cancel);

    /// <summary>All servers as they are now, for operators.</summary>
    Task<Outcome<IReadOnlyList<ServerStatus>>> ListServersAsync(Done request, CancellationToken cancel);
}

/// <summary>Asks for servers.</summary>
/// <param name="Content">That hold this.</param>
/// <param name="ViewerAddress">Seen from here; null when not known.</param>
/// <param name="Version">In this version, also when there is a newer one; null: in the newest.</param>
public sealed record RankRequest(ContentId Content, string? ViewerAddress, int? Version = null);

/// <summary>Servers to play from.</summary>
/// <param name="Version">The version of the content that they hold; 0 when there are none.</param>
/// <param name="Servers">Best first.</param>
public sealed record Ranked(int Version, IReadOnlyList<RankedServer> Servers);

/// <summary>A report of load.</summary>
public sealed record LoadReport(ServerId Server, ServerLoad Load);
