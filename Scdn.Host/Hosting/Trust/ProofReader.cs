using Microsoft.AspNetCore.Http.Features;
using Scdn.Format;
using Scdn.Grains;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Reads and checks the proof that a request carries: its key's signature, method, address, body, age, and that it was not seen before.</summary>
internal sealed class ProofReader(HostAddress address, ReplayCache replays, TimeProvider time)
{
    /// <summary>Carries proofs from host to host.</summary>
    public const string HeaderName = "Scdn-Proof";

    /// <summary>Carries proofs from viewers (RFC 9449).</summary>
    public const string ViewerHeaderName = "DPoP";

    /// <summary>The proof, or why it doesn't count. The body has been read and can be read again.</summary>
    public async Task<Outcome<ProofCheck>> ReadAsync(HttpContext context, string header, string? accessToken)
    {
        var request = context.Request;
        if (request.Headers[header] is not [{ } proof]) return Refusal.Unauthenticated($"The request carries no proof: send exactly one in the header {header}.");
        if (!address.AnswersTo(request.Host)) return Refusal.Unauthenticated($"This host is not known as '{request.Host}': send the request to its own address.");

        var body = await ReadBodyAsync(context);
        var check = Proof.Check(proof, request.Method, address.UrlOf(request), accessToken, body, time.GetUtcNow(), Trusted.Tolerance);
        if (!check.IsValid) return Refusal.Unauthenticated(check.Fault);
        return replays.TryTake(check.Thumbprint, check.Id) ? check : Refusal.Unauthenticated("The proof was used already: make a fresh one for each request.");
    }

    private static async Task<byte[]> ReadBodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return [];
        // The server's limit for bodies holds here: a proof is asked for on small requests only.
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        body.Position = 0;
        context.Request.Body = body;
        return body.ToArray();
    }
}
