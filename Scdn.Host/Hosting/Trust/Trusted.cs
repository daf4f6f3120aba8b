using Scdn.Grains;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Lets a request through to its endpoint when its sender is who the endpoint's policy asks for; the one place where that is decided.</summary>
internal sealed class Trusted(RequestDelegate next)
{
    /// <summary>How far a sender's clock may be off.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    public async Task InvokeAsync(HttpContext context)
    {
        var policy = context.GetEndpoint()?.Metadata.GetMetadata<TrustPolicyMetadata>()?.Policy ?? TrustPolicy.Open;
        var refusal = policy switch
        {
            TrustPolicy.Viewers => await context.RequestServices.GetRequiredService<ViewerTrust>().AdmitAsync(context),
            TrustPolicy.Operators => await context.RequestServices.GetRequiredService<OperatorTrust>().AdmitAsync(context),
            TrustPolicy.Hosts => await context.RequestServices.GetRequiredService<HostTrust>().AdmitAsync(context),
            _ => null,
        };
        if (refusal is null)
        {
            if (policy == TrustPolicy.Operators) await context.RequestServices.GetRequiredService<Audit>().DoAsync(context, next);
            else await next(context);
            return;
        }

        if (refusal.Kind == RefusalKind.Unauthenticated) context.Response.Headers.WWWAuthenticate = Challenge(policy);
        if (context.Features.Get<OperatorCaller>() is null) await refusal.ToProblem().ExecuteAsync(context);
        else await context.RequestServices.GetRequiredService<Audit>().DoAsync(context, refusal.ToProblem().ExecuteAsync);
    }

    /// <summary>The value of an <c>Authorization</c> header of a scheme; null when there is none such.</summary>
    public static string? Credential(HttpRequest request, string scheme) => Shown(request, scheme) is { IsEmpty: false } shown ? shown.ToString() : null;

    /// <summary>As <see cref="Credential"/>, within the header; empty when there is none such.</summary>
    public static ReadOnlySpan<char> Shown(HttpRequest request, string scheme)
    {
        var header = request.Headers.Authorization;
        return header.Count == 1 && header[0] is { } value && value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && value.Length > scheme.Length && value[scheme.Length] == ' '
            ? value.AsSpan(scheme.Length + 1).Trim()
            : default;
    }

    private static string Challenge(TrustPolicy policy) => policy switch
    {
        TrustPolicy.Viewers => "DPoP algs=\"ES256\"",
        TrustPolicy.Hosts => ProofReader.HeaderName,
        _ => "Bearer",
    };
}
