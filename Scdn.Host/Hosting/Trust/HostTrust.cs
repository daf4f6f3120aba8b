using Scdn.Grains;
using Scdn.Grains.ContentServers;
using Scdn.Grains.ControlHosts;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Admits hosts by the key that they are registered with.</summary>
internal sealed class HostTrust(ProofReader proofs, ClusterDirectory directory)
{
    public async Task<Refusal?> AdmitAsync(HttpContext context)
    {
        if (!(await proofs.ReadAsync(context, ProofReader.HeaderName, accessToken: null)).IsGranted(out var proof, out var refusal)) return refusal;
        var host = await directory.FindHostAsync(proof.Thumbprint!, context.RequestAborted);
        if (host is null && directory.FindRemoved(proof.Thumbprint!) is { } removed) return ControlHostGrain.WasRemoved(removed);
        if (host is null && directory.FindExpelled(proof.Thumbprint!) is { } expelled)
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<AlsoExpelled>() is null) return ContentServerGrain.WasExpelled(expelled);
            host = new HostCaller(proof.Thumbprint!, Server: null, ControlHost: null, Expelled: true);
        }

        if (host is null) return Refusal.Unauthenticated("The key of this proof is not registered here: let the host join first.");
        context.Features.Set(host);
        return null;
    }
}
