using Scdn.Format.Wire;
using Scdn.Grains.Operators;

namespace Scdn.Host.Hosting.Trust;

/// <summary>What operators need at an endpoint, from what it says of itself. Every endpoint for operators says its area; a host with one that does not does not start.</summary>
internal static class OperatorNeeds
{
    /// <summary>What a request of a method takes there.</summary>
    public static OperatorNeed Of(Endpoint endpoint, string method) =>
        Of(endpoint.Metadata, method) ?? throw new InvalidOperationException($"The endpoint {endpoint.DisplayName} says nothing about its area.");

    /// <summary>As the metadata of an endpoint says; null when it says nothing about its area.</summary>
    public static OperatorNeed? Of(EndpointMetadataCollection metadata, string method)
    {
        if (metadata.GetMetadata<OperatorAreaMetadata>() is not { } area) return null;
        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || metadata.GetMetadata<ReadsMetadata>() is not null;
        var role = metadata.GetMetadata<OperatorRoleMetadata>()?.Role ?? (reads ? OperatorRole.Viewer : OperatorRole.Operator);
        return new OperatorNeed(role, area.Area is { } one ? new(one, !reads) : null);
    }

    /// <summary>Of an area: a token that has scopes needs one of it. Without a role, to look takes a viewer, and to change something an operator.</summary>
    public static TBuilder In<TBuilder>(this TBuilder builder, OperatorArea area)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OperatorAreaMetadata(area));

    /// <summary>Concerns the token itself only, whatever scopes it has.</summary>
    public static TBuilder InNoArea<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OperatorAreaMetadata(null));

    /// <summary>Changes nothing, whatever its method; it is not noted as an act.</summary>
    public static TBuilder Reads<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ReadsMetadata(), new NotAudited());
}

/// <summary>An endpoint's area, as metadata; null: none. The last one given counts.</summary>
internal sealed record OperatorAreaMetadata(OperatorArea? Area);

/// <summary>That an endpoint only looks, as metadata.</summary>
internal sealed record ReadsMetadata;
