using System.Security.Cryptography;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Parts;

/// <summary>Lets servers copy: a ticket that a gateway signed, shown by the server that it was made out to, which proves to hold its registered key and was not expelled since.</summary>
internal sealed class TicketGate(Func<string, ECDsa?> signingKeys, Func<ServerId, bool> isExpelled, ProofReader proofs, TimeProvider time)
{
    /// <summary>For which content the ticket is; null when what was shown is no ticket that was signed here.</summary>
    public async Task<Outcome<Admission>?> AdmitAsync(HttpContext http, string token)
    {
        if (!Es256.TryVerify(token, TicketClaims.Type, signingKeys, WireJson.Default.TicketClaims, out var ticket)) return null;
        if (time.GetUtcNow() >= DateTimeOffset.FromUnixTimeSeconds(ticket.Exp)) return Refusal.Unauthenticated("The ticket has expired: ask the CD master for another.");
        if (isExpelled(ticket.Sub)) return Refusal.Denied($"Server {ticket.Sub} was expelled: it may copy nothing any more.");
        if (!(await proofs.ReadAsync(http, ProofReader.HeaderName, token)).IsGranted(out var proof, out var refusal)) return refusal;
        return proof.Thumbprint == ticket.Jkt ? new Admission(ticket.Cid, null) : Refusal.Denied("The ticket is another server's.");
    }
}
