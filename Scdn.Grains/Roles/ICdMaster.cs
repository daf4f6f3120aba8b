using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Grains.Roles;

/// <summary>The CD master: lets content servers join, decides who holds what, and drives replication. Orders travel through the feed.</summary>
public interface ICdMaster : IRole
{
    static string IRole.Name => "cdmaster";

    /// <summary>A content server joins with its one-time token.</summary>
    Task<Outcome<JoinAnswer>> JoinAsync(JoinRequest request, CancellationToken cancel);

    /// <summary>Where a server can copy a content from (peers that hold it whole, the origin last), with the ticket to show there.</summary>
    Task<Outcome<CopyPlan>> PlanCopyAsync(CopyRequest request, CancellationToken cancel);

    /// <summary>A server holds (version above 0) or no longer holds (0) a content whole.</summary>
    Task<Outcome<Done>> ReportReplicaAsync(ReplicaReport report, CancellationToken cancel);
}

/// <summary>Asks where to copy from.</summary>
public sealed record CopyRequest(ServerId Server, ContentId Content, int Version);

/// <summary>Where to copy from, best first, and the ticket for it.</summary>
public sealed record CopyPlan(string Ticket, IReadOnlyList<CopySource> Sources);

/// <summary>A place to copy from, and what it is known by over TLS (null: it speaks plain http, or an authority vouches for it).</summary>
public sealed record CopySource(Uri Uri, KeyPins? Pins = null);

/// <summary>What a server holds of one content.</summary>
/// <param name="Server">Which server.</param>
/// <param name="Content">Which content.</param>
/// <param name="Version">The version that it holds whole; 0: none.</param>
/// <param name="Before">Versions before that one whose parts it still serves; null: none.</param>
public sealed record ReplicaReport(ServerId Server, ContentId Content, int Version, IReadOnlyList<int>? Before = null);
