using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;
using Scdn.Grains;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Hosting.OpenApi;

/// <summary>What every operation has in common, told from its endpoint's policy: what is shown, and how it is refused.</summary>
internal static class OperationDescription
{
    private const string ProblemType = "application/problem+json";

    public static async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.OperationId = OperationId(context.Description.HttpMethod ?? "", context.Description.RelativePath ?? "");
        AddPathParameters(operation, context.Description.RelativePath ?? "");
        foreach (var name in metadata.OfType<AsksParameters>().SelectMany(asked => asked.Names))
            operation.Parameters!.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        if (metadata.OfType<TakesBody>().LastOrDefault() is { } body)
        {
            var schema = await context.GetOrCreateSchemaAsync(body.Type, parameterDescription: null, cancel);
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { [body.MediaType] = new OpenApiMediaType { Schema = schema } } };
        }

        var problem = new OpenApiSchemaReference(DocumentDescription.Problem, context.Document);
        operation.Responses ??= [];
        KeepOne(operation.Responses, context.Description);
        Refuse("default", "Refused, or failed; `detail` says why.");
        var policy = metadata.OfType<TrustPolicyMetadata>().LastOrDefault()?.Policy;
        if (policy == TrustPolicy.Viewers)
        {
            Show(DocumentDescription.Viewer);
            Refuse("401", "No valid session credential with a fresh proof.");
            AddProof(operation);
        }
        else if (policy == TrustPolicy.Operators)
        {
            Show(DocumentDescription.Operator);
            Refuse("401", "No valid operator's token.");
            Refuse("403", "The token's role or scopes do not allow it.");
            var need = OperatorNeeds.Of(new EndpointMetadataCollection(metadata), context.Description.HttpMethod ?? "").GetValueOrDefault();
            operation.Description = $"Takes the role {need.Role.ToString().ToLowerInvariant()}, or one that may more{(need.Scope is { } scope ? $"; of a token with scopes, {scope}" : "")}.";
        }
        else if (metadata.OfType<ShowsAuthenticationKey>().Any())
        {
            Show(DocumentDescription.AuthenticationKey);
        }
        else if (metadata.OfType<ShowsProof>().Any())
        {
            AddProof(operation);
        }

        void Refuse(string status, string description) => operation.Responses[status] = new OpenApiResponse
        {
            Description = description, Content = new Dictionary<string, OpenApiMediaType> { [ProblemType] = new OpenApiMediaType { Schema = problem } },
        };

        void Show(string scheme) => operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] }];
    }

    /// <summary>An outcome is answered with its value, or, when there is nothing to tell, with nothing: its type says which.</summary>
    private static void KeepOne(OpenApiResponses responses, ApiDescription description)
    {
        if (description.SupportedResponseTypes.FirstOrDefault(answer => answer.StatusCode == StatusCodes.Status200OK) is not { Type: { } type }) return;
        responses.Remove(type == typeof(Done) ? "200" : "204");
    }

    /// <summary>Parameters in the address that the handler reads by itself.</summary>
    private static void AddPathParameters(OpenApiOperation operation, string path)
    {
        operation.Parameters ??= [];
        foreach (var parameter in RoutePatternFactory.Parse(path).Parameters)
        {
            if (operation.Parameters.Any(known => known.In == ParameterLocation.Path && known.Name == parameter.Name)) continue;
            operation.Parameters.Add(new OpenApiParameter { Name = parameter.Name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        }
    }

    private static void AddProof(OpenApiOperation operation)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = ProofReader.ViewerHeaderName, In = ParameterLocation.Header, Required = true, Description = "A proof of the client's key (RFC 9449), made for this request.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    /// <summary>Such as <c>putAdminUsersNameEntitlementsContentId</c>.</summary>
    private static string OperationId(string method, string path) =>
        method.ToLowerInvariant() + string.Concat(path.Split(['/', '-', '.', '{', '}'], StringSplitOptions.RemoveEmptyEntries).Where(word => word != "v1").Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
