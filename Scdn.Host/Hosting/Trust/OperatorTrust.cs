using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Admits operators by their token.</summary>
internal sealed class OperatorTrust(IGrainStore store, TimeProvider time)
{
    public async Task<Refusal?> AdmitAsync(HttpContext context)
    {
        if (Trusted.Credential(context.Request, "Bearer") is not { } token)
            return Refusal.Unauthenticated("This is for operators: send the operator's token as 'Authorization: Bearer …'.");
        var known = await store.LoadAsync<OperatorTokenState>(OperatorTokenState.IdOf(token), context.RequestAborted);
        if (known is null) return Refusal.Unauthenticated("The operator's token is not known here.");
        var needed = context.GetEndpoint()?.Metadata.GetMetadata<OperatorRoleMetadata>()?.Role ?? Least(context.Request.Method);
        // Known also when refused: what somebody tried is noted under his name.
        context.Features.Set(new OperatorCaller(known.State.Name));
        return OperatorTokenGrain.WhyNot(known.State, needed, time.GetUtcNow());
    }

    /// <summary>What it takes where nothing is said: to look, a viewer; to change something, an operator.</summary>
    private static OperatorRole Least(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? OperatorRole.Viewer : OperatorRole.Operator;
}
