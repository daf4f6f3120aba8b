using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scdn.Grains;

namespace Scdn.Host.Hosting.OpenApi;

/// <summary>What holds for the whole document: what it is about, and what callers show.</summary>
internal static class DocumentDescription
{
    /// <summary>The scheme by which operators are known.</summary>
    public const string Operator = "operator";

    /// <summary>The scheme by which viewers are known.</summary>
    public const string Viewer = "viewer";

    /// <summary>The scheme by which content servers know viewers.</summary>
    public const string AuthenticationKey = "authenticationKey";

    /// <summary>The schema of what refusals say.</summary>
    public const string Problem = nameof(ProblemDetails);

    public static async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new OpenApiInfo
        {
            Title = "SCDN",
            Version = Health.Version,
            Description = "What control hosts answer viewers' clients, operators and contents sites. Errors are problem details (RFC 9457) with a sentence for people in `detail`. Before version 1.0 this may change with any version.",
        };
        // Where it is served, others reach the host by: the document is the same under every name of it.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Operator] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An operator's token." },
            [Viewer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "DPoP",
                Description = "The session credential as `Authorization: DPoP …`, with a fresh proof of the client's key in the header `DPoP` (RFC 9449), which covers the body as well (claim `bh`, base64url SHA-256).",
            },
            [AuthenticationKey] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "The authentication key of a play; at an origin, a content server's ticket with its proof instead.",
            },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[Problem] = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), parameterDescription: null, cancel);
        // Nothing to tell is told with 204.
        document.Components.Schemas.Remove(nameof(Done));
    }
}
