using System.Text.Json;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.CdMaster;

/// <summary><c>POST /v1/hosts/join</c>: the one thing that a host may ask before it is known. The request proves that it comes from the key it brings.</summary>
internal static class JoinEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/hosts/join", JoinAsync).ForEverybody().ExcludeFromDescription();

    private static async Task<IResult> JoinAsync(HttpContext http, ProofReader proofs, ICdMaster cdMaster)
    {
        if (!(await proofs.ReadAsync(http, ProofReader.HeaderName, accessToken: null)).IsGranted(out var proof, out var refusal)) return refusal.ToProblem();
        var request = await Bodies.ReadAsync<JoinRequest>(http, HostJson.Options);
        try
        {
            if (request.PublicKey.Deserialize<JsonWebKey>()?.Thumbprint() != proof.Thumbprint)
                return Refusal.Unauthenticated("The proof is made with another key than the one that is to join.").ToProblem();
        }
        catch (JsonException fault)
        {
            return Refusal.Invalid(BadRequests.Explain(fault)).ToProblem();
        }

        return (await cdMaster.JoinAsync(request, http.RequestAborted)).ToResult();
    }
}
