using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Authentication keys on an operator's word.</summary>
internal static class KeyEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var keys = admin.MapGroup("/keys").In(OperatorArea.Keys);
        keys.MapPost("", IssueAsync)
            .WithSummary("Issues an authentication key for a session and a content.").Produces<IssuedKeySummary>();
        keys.MapPost("/verify", VerifyAsync)
            .WithSummary("What an authentication key is worth now.").Produces<KeyStatus>().Reads();
        keys.MapDelete("/{id}", async (string id, IGateway gateway, CancellationToken cancel) =>
            KeyId.TryParse(id, out var key) ? (await gateway.RevokeKeyAsync(key, cancel)).ToResult() : Refusal.NotFound($"'{id}' is not an authentication key's id.").ToProblem())
            .WithSummary("Revokes an authentication key, at once and everywhere.");
    }

    /// <summary>A token that is no key at all is an answer too: a refusal as unauthenticated would speak of the operator's own token.</summary>
    private static async Task<IResult> VerifyAsync(VerifyKeyRequest request, IGateway gateway, CancellationToken cancel)
    {
        var verified = await gateway.VerifyKeyAsync(request, cancel);
        return verified.Refusal is { Kind: RefusalKind.Unauthenticated } unknown
            ? TypedResults.Ok(new KeyStatus(default, default, default, Valid: false, unknown.Detail))
            : verified.ToResult();
    }

    private static async Task<IResult> IssueAsync(IssueKeyRequest request, HttpContext http, Entitlements entitlements, IIpMaster ipMaster, IAuthProxy proxy, CancellationToken cancel)
    {
        http.IsAbout($"content {request.Content}, session {request.Session}");
        if (!(await ipMaster.RankAsync(new RankRequest(request.Content, ViewerAddress: null), cancel)).IsGranted(out var ranked, out var noRank)) return noRank.ToProblem();
        if (ranked.Servers.Count == 0) return Refusal.Unavailable($"No content server that lives holds content {request.Content} whole.").ToProblem();
        if (!(await entitlements.FindAsync(request.Session, request.Content, cancel)).IsGranted(out var allowance, out var notEntitled)) return notEntitled.ToProblem();
        ServerId[] named = [.. ranked.Servers.Select(server => server.Id)];
        return (await proxy.RequestKeyAsync(new KeyRequest(request.Session, request.Content, named, allowance.Until, allowance.Grant), cancel)).IsGranted(out var key, out var refusal)
            ? TypedResults.Ok(new IssuedKeySummary(key.Id, key.Token, key.Expires, named))
            : refusal.ToProblem();
    }
}
