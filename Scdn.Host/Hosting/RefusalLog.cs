using Microsoft.AspNetCore.Diagnostics;
using Scdn.Grains;

namespace Scdn.Host.Hosting;

/// <summary>
/// One line in the log for each request that was refused: what was asked, from where, and the sentence that was answered. Never what was shown: no header, no query, no body, and of the address only what cannot be a token.
/// </summary>
internal sealed partial class RefusalLog(RequestDelegate next, ILogger<RefusalLog> log)
{
    private const int MaxPath = 200;

    /// <summary>Keeps the sentence that is answered, for the line.</summary>
    public static void Keep(HttpContext context, string? detail) => context.Features.Set(new Told(detail));

    /// <summary>Keeps a refusal of one thing that was asked for in a request that is granted otherwise.</summary>
    public static void KeepWithin(HttpContext context, Refusal refusal) => context.Features.Set(new Told(refusal.Cause ?? refusal.Detail, Problems.Status(refusal.Kind)));

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        var status = context.Features.Get<Told>()?.Within ?? context.Response.StatusCode;
        // A failure of the host's own has its line already, with what there is to mend.
        if (status < StatusCodes.Status400BadRequest || status == StatusCodes.Status500InternalServerError) return;
        LogRefused(context.Request.Method, PathOf(context), context.Connection.RemoteIpAddress?.ToString(), status, context.Features.Get<Told>()?.Detail);
    }

    /// <summary>An address that is none of ours may be anything, also a secret that somebody pasted at the wrong place.</summary>
    private static string PathOf(HttpContext context)
    {
        // Where the request failed, its endpoint was put aside.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        var path = endpoint is RouteEndpoint ? context.Request.Path.Value ?? "" : "an address that is not known";
        return path.Length > MaxPath ? $"{path[..MaxPath]}…" : path;
    }

    [LoggerMessage(130, LogLevel.Information, "Refused: {Method} {Path} from {Address}: {Status}: {Detail}")]
    private partial void LogRefused(string method, string path, string? address, int status, string? detail);

    private sealed record Told(string? Detail, int? Within = null);
}
