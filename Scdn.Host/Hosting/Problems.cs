using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Scdn.Grains;
using Scdn.Host.Data;

namespace Scdn.Host.Hosting;

/// <summary>Every error over HTTP is a problem detail (RFC 9457): the one place where refusals and failures become statuses.</summary>
internal static class Problems
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = Complete);
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    public static void Use(WebApplication app)
    {
        app.UseMiddleware<RefusalLog>();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = AnswerExceptionAsync,
            // What is not the host's fault is a refusal, and logged as one.
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException or StoreException { IsTransient: true } or StoreException { IsOfRequest: true },
        });
        app.UseStatusCodePages();
    }

    /// <summary>The HTTP status of a refusal (RFC 9110).</summary>
    public static int Status(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        RefusalKind.Unpaid => StatusCodes.Status402PaymentRequired,
        RefusalKind.Denied => StatusCodes.Status403Forbidden,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
        RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>The refusal that a status stands for; null when it stands for none.</summary>
    public static RefusalKind? Kind(int status) => status switch
    {
        StatusCodes.Status400BadRequest => RefusalKind.Invalid,
        StatusCodes.Status401Unauthorized => RefusalKind.Unauthenticated,
        StatusCodes.Status402PaymentRequired => RefusalKind.Unpaid,
        StatusCodes.Status403Forbidden => RefusalKind.Denied,
        StatusCodes.Status404NotFound => RefusalKind.NotFound,
        StatusCodes.Status409Conflict => RefusalKind.Conflict,
        StatusCodes.Status429TooManyRequests => RefusalKind.TooMany,
        StatusCodes.Status503ServiceUnavailable => RefusalKind.Unavailable,
        _ => null,
    };

    /// <summary>A refusal as an answer.</summary>
    public static ProblemHttpResult ToProblem(this Refusal refusal) => TypedResults.Problem(new CausedProblem { Detail = refusal.Detail, Status = Status(refusal.Kind), Cause = refusal.Cause });

    /// <summary>An outcome as an answer: 200 with the value as JSON (204 when there is nothing to tell), or the refusal.</summary>
    public static Results<Ok<T>, NoContent, ProblemHttpResult> ToResult<T>(this Outcome<T> outcome) =>
        !outcome.IsGranted(out var value, out var refusal) ? refusal.ToProblem() : value is Done ? TypedResults.NoContent() : TypedResults.Ok(value);

    /// <summary>What the framework refuses by itself gets a sentence, too; and the log gets all of them.</summary>
    private static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Detail ??= problem.Status switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this address.",
            StatusCodes.Status405MethodNotAllowed => $"This address is not for {LogText.OneLine(context.HttpContext.Request.Method)}.",
            StatusCodes.Status413PayloadTooLarge => "The request's body is larger than anything that is sent to this address.",
            StatusCodes.Status415UnsupportedMediaType => "The request's body is not JSON: send it as application/json.",
            _ => null,
        };
        RefusalLog.Keep(context.HttpContext, (problem as CausedProblem)?.Cause ?? problem.Detail ?? problem.Title);
    }

    private static async Task AnswerExceptionAsync(HttpContext context)
    {
        var failure = context.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error;
        var problem = failure switch
        {
            BadHttpRequestException bad => new ProblemDetails { Status = bad.StatusCode, Detail = BadRequests.Explain(bad) },
            StoreException { IsTransient: true } or StoreException { IsOfRequest: true } => ((StoreException)failure).ToRefusal().ToProblem().ProblemDetails,
            _ => new ProblemDetails { Status = StatusCodes.Status500InternalServerError, Detail = "The host failed at this request; its log says why." },
        };
        context.Response.StatusCode = problem.Status.GetValueOrDefault();
        await context.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(new() { HttpContext = context, ProblemDetails = problem });
    }

    /// <summary>A problem detail with what the log is told instead of its sentence.</summary>
    private sealed class CausedProblem : ProblemDetails
    {
        [JsonIgnore]
        public string? Cause { get; init; }
    }
}
