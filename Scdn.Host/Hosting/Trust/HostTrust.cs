using Scdn.Grains;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Admits hosts by the key that they are registered with.</summary>
internal sealed class HostTrust(ProofReader proofs, ClusterDirectory directory)
{
    public async Task<Refusal?> AdmitAsync(HttpContext context)
    {
        if (!(await proofs.ReadAsync(context, ProofReader.HeaderName, accessToken: null)).IsGranted(out var proof, out var refusal)) return refusal;
        if (await directory.FindHostAsync(proof.Thumbprint!, context.RequestAborted) is not { } host)
            return Refusal.Unauthenticated("The key of this proof is not registered here: let the host join first.");
        context.Features.Set(host);
        return null;
    }
}
