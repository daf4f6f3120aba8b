namespace Scdn.Host.Hosting.OpenApi;

/// <summary>What the OpenAPI document is told of endpoints that answer by themselves, which the framework can't look into.</summary>
internal static class Descriptions
{
    /// <summary>It answers with the bytes of a file, for whoever shows an authentication key.</summary>
    /// <param name="endpoint">It.</param>
    /// <param name="summary">What it does.</param>
    /// <param name="handler">What does it.</param>
    public static TBuilder AnswersBytes<TBuilder>(this TBuilder endpoint, string summary, Delegate handler)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithSummary(summary).WithMetadata(handler.Method, new ShowsAuthenticationKey(), Bytes(StatusCodes.Status200OK), Bytes(StatusCodes.Status206PartialContent));

    /// <summary>It reads its body by itself. Said for the document only: whoever sends another media type, or none, hears from the endpoint and not from routing.</summary>
    public static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder endpoint, string mediaType = "application/json") => endpoint.WithMetadata(new TakesBody(typeof(TBody), mediaType));

    /// <summary>It reads these parameters of the address by itself, each of which may be left out.</summary>
    public static RouteHandlerBuilder Asks(this RouteHandlerBuilder endpoint, params string[] names) => endpoint.WithMetadata(new AsksParameters(names));

    /// <summary>It answers with one JSON object a line, without end.</summary>
    public static RouteHandlerBuilder AnswersLines<TLine>(this RouteHandlerBuilder endpoint, string summary) => endpoint.WithSummary(summary).Produces<TLine>(StatusCodes.Status200OK, "application/x-ndjson");

    private static ProducesResponseTypeMetadata Bytes(int status) => new(status, typeof(Stream), ["application/octet-stream"]);
}

/// <summary>Says what an endpoint reads by itself.</summary>
internal sealed record TakesBody(Type Type, string MediaType);

/// <summary>Says which parameters of the address an endpoint reads by itself.</summary>
internal sealed record AsksParameters(IReadOnlyList<string> Names);

/// <summary>Says that an endpoint wants a proof without a credential: it learns the client's key from it.</summary>
internal sealed record ShowsProof;

/// <summary>Says that an endpoint wants an authentication key.</summary>
internal sealed record ShowsAuthenticationKey;
