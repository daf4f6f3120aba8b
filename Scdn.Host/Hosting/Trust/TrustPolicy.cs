using Scdn.Format.Wire;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Who may call an endpoint. Every endpoint has one; a host with an endpoint that has none does not start.</summary>
internal enum TrustPolicy
{
    /// <summary>Everybody, or the endpoint sees to it itself.</summary>
    Open,

    /// <summary>Viewers with a session credential and a proof of its key.</summary>
    Viewers,

    /// <summary>Operators with their token.</summary>
    Operators,

    /// <summary>Content servers and control hosts with a proof of their registered key.</summary>
    Hosts,
}

/// <summary>Says who may call, on an endpoint or a group.</summary>
internal static class TrustPolicies
{
    public static TBuilder ForEverybody<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.With(TrustPolicy.Open);

    public static TBuilder ForViewers<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.With(TrustPolicy.Viewers);

    public static TBuilder ForOperators<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.With(TrustPolicy.Operators);

    /// <summary>For operators of a role, or of one that may more; without it, to look takes a viewer, and to change something an operator.</summary>
    public static TBuilder ForOperators<TBuilder>(this TBuilder builder, OperatorRole role)
        where TBuilder : IEndpointConventionBuilder => builder.ForOperators().WithMetadata(new OperatorRoleMetadata(role));

    public static TBuilder ForHosts<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.With(TrustPolicy.Hosts);

    /// <summary>Throws when an endpoint was forgotten.</summary>
    public static void RequireEverywhere(WebApplication app)
    {
        foreach (var endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints))
        {
            if (endpoint.Metadata.GetMetadata<TrustPolicyMetadata>() is not { Policy: var policy }) throw new InvalidOperationException($"The endpoint {endpoint.DisplayName} says nothing about who may call it.");
            if (policy == TrustPolicy.Operators) _ = OperatorNeeds.Of(endpoint, HttpMethods.Get);
        }
    }

    private static TBuilder With<TBuilder>(this TBuilder builder, TrustPolicy policy)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new TrustPolicyMetadata(policy));
}

/// <summary>The policy as endpoint metadata; the last one given counts.</summary>
internal sealed record TrustPolicyMetadata(TrustPolicy Policy);

/// <summary>Endpoint metadata: an expelled server gets through, too; the endpoint tells it that it was expelled, and nothing else.</summary>
internal sealed record AlsoExpelled;

/// <summary>The role that an operator needs, as endpoint metadata; the last one given counts.</summary>
internal sealed record OperatorRoleMetadata(OperatorRole Role);
