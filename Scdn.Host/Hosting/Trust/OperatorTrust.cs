using Scdn.Grains;
using Scdn.Grains.Operators;
using Scdn.Grains.Storage;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Admits operators by their token: the one place where its role and scopes are held against what an endpoint takes.</summary>
internal sealed class OperatorTrust(IGrainStore store, TimeProvider time)
{
    public async Task<Refusal?> AdmitAsync(HttpContext context)
    {
        if (Trusted.Credential(context.Request, "Bearer") is not { } shown)
            return Refusal.Unauthenticated("This is for operators: send the operator's token as 'Authorization: Bearer …'.");
        var id = OperatorTokenState.IdOf(shown);
        if (await store.LoadAsync<OperatorTokenState>(id, context.RequestAborted) is not { State: var token }) return Refusal.Unauthenticated("The operator's token is not known here.");
        var account = token.Account is null ? null : (await store.LoadAsync<OperatorState>(OperatorState.IdOf(token.Account), context.RequestAborted))?.State;
        var caller = new OperatorCaller(id, token, account);
        // Known also when refused: what somebody tried is noted under his name.
        context.Features.Set(caller);
        return OperatorTokenGrain.WhyWorthless(token, account, time.GetUtcNow()) ?? caller.Rights.WhyNot(OperatorNeeds.Of(context.GetEndpoint()!, context.Request.Method));
    }
}
