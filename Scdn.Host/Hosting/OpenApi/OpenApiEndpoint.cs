using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Hosting.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>: what this host answers viewers and operators, as an OpenAPI document. What hosts say to one another is not in it.</summary>
internal static class OpenApiEndpoint
{
    private const string Name = "v1";

    public static void AddServices(IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<TrustPolicyMetadata>().LastOrDefault()?.Policy != TrustPolicy.Hosts;
        options.AddDocumentTransformer(DocumentDescription.TransformAsync);
        options.AddOperationTransformer(OperationDescription.TransformAsync);
        options.AddSchemaTransformer(SchemaDescription.TransformAsync);
    });

    public static void Map(IEndpointRouteBuilder routes)
    {
        // Made once, or twice when two ask at the same time: it does not change while the host runs, and anybody may ask for it.
        byte[]? document = null;
        routes.MapGet("/openapi/v1.json", async () => TypedResults.Bytes(document ??= await MakeAsync(routes.ServiceProvider), "application/json")).ForEverybody().ExcludeFromDescription();
    }

    private static async Task<byte[]> MakeAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var document = await scope.ServiceProvider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(CancellationToken.None);
        return Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1));
    }
}
