using Scdn.Format;
using Scdn.Grains;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Parts;

/// <summary>The origin lets servers copy, and nobody else.</summary>
internal sealed class OriginAccess(ClusterDirectory directory, ProofReader proofs, TimeProvider time) : IPartAccess
{
    private readonly TicketGate _tickets = new(directory.FindSigningKey, directory.IsExpelled, proofs, time);

    public async ValueTask<Outcome<Admission>> AdmitAsync(HttpContext http) =>
        Trusted.Credential(http.Request, "Bearer") is { } token && await _tickets.AdmitAsync(http, token) is { } outcome
            ? outcome
            : Refusal.Unauthenticated("The origin is for content servers: show a ticket of the CD master as 'Authorization: Bearer …'.");

    public void Answered(Admission admission, PartId? part, SentBytes sent, TimeSpan took)
    {
        // Connection records tell of viewers; a copy is told of by the replica's report.
    }
}
