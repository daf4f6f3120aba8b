using Microsoft.Extensions.DependencyInjection.Extensions;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.OpenApi;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Parts;

/// <summary>
/// <c>GET|HEAD /v1/parts/{partId}</c> and <c>/v1/contents/{contentId}/header</c>, for every shelf of the host. Nothing that is no UUID gets further than
/// the first line, and whoever may not come in is not told what is there.
/// </summary>
internal sealed class PartEndpoints(IEnumerable<PartShelf> shelves, TimeProvider time)
{
    private const string MediaType = "application/octet-stream";
    private const string PartsPath = "/v1/parts/";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>What is told of an answer that failed.</summary>
    private static readonly SentBytes Failed = new(StatusCodes.Status500InternalServerError, 0, 0);

    private readonly PartShelf[] _shelves = [.. shelves];
    private bool _mapped;

    /// <summary>Adds what is needed; every role that has a shelf calls it.</summary>
    public static void AddServices(IServiceCollection services)
    {
        services.TryAddSingleton<PartEndpoints>();
        services.AddHostedService<PartSweeper>();
    }

    /// <summary>Adds the endpoints; every role that has a shelf calls it.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<PartEndpoints>();
        if (endpoints._mapped) return;
        endpoints._mapped = true;
        routes.MapMethods($"{PartsPath}{{partId}}", Methods, endpoints.AnswerPartAsync).ForEverybody().AnswersBytes("A part, or a range of it, as it is stored.", endpoints.AnswerPartAsync);
        routes.MapMethods("/v1/contents/{contentId}/header", Methods, endpoints.AnswerHeaderAsync).ForEverybody().AnswersBytes("The header of a content.", endpoints.AnswerHeaderAsync);
    }

    /// <summary>
    /// Adds the short way: a part that is here, for a viewer who is known, is answered before anything else of the host looks at the request. All else, refusals and failures among it, goes the long way to the endpoints.
    /// </summary>
    public static void UseFirst(WebApplication app)
    {
        var endpoints = app.Services.GetRequiredService<PartEndpoints>();
        app.Use(next => http => endpoints.FindShortly(http) is { } found ? endpoints.AnswerShortlyAsync(http, found, next) : next(http));
    }

    private PartAnswer? FindShortly(HttpContext http)
    {
        var path = http.Request.Path.Value;
        if (path is null || !path.StartsWith(PartsPath, StringComparison.Ordinal) || !PartId.TryParse(path[PartsPath.Length..], out var id)) return null;
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method)) return null;
        foreach (var shelf in _shelves)
        {
            if (!shelf.Store.TryGetPart(id, out var part) || shelf.Access.Recognize(http.Request) is not { } admission || admission.Content != part.Content.Content) continue;
            var wanted = RangeRequest.Read(http.Request, part.File);
            return wanted.Status < StatusCodes.Status400BadRequest && admission.WhyNot(id, wanted.Range) is null ? new PartAnswer(shelf, id, part.File, admission, wanted) : null;
        }

        return null;
    }

    private async Task AnswerShortlyAsync(HttpContext http, PartAnswer found, RequestDelegate next)
    {
        var (sent, started, goesOn) = (Failed, time.GetTimestamp(), false);
        try
        {
            sent = await found.WriteAsync(http);
            // Taken out of service in between.
            goesOn = !http.Response.HasStarted && sent.Status == StatusCodes.Status404NotFound;
        }
        catch (IOException) when (!http.Response.HasStarted)
        {
            // It fails again there, and is told and logged as any failure is.
            goesOn = true;
        }
        finally
        {
            if (!goesOn) found.Tell(sent, time.GetElapsedTime(started));
        }

        if (!goesOn) return;
        http.Response.Clear();
        await next(http);
    }

    private async Task AnswerPartAsync(HttpContext http)
    {
        if (!PartId.TryParse(http.Request.RouteValues["partId"] as string, out var id))
        {
            await RefuseAsync(http, Refusal.NotFound("A part's name is a UUID in lower case; this is none."));
            return;
        }

        var started = time.GetTimestamp();
        if (await AdmitAsync(http, shelf => shelf.Store.TryGetPart(id, out _)) is not { } admitted) return;
        var (shelf, admission) = admitted;
        if (!shelf.Store.TryGetPart(id, out var part)) await RefuseAsync(http, admitted, id, Refusal.NotFound($"There is no part {id} here."), started);
        else if (part.Content.Content != admission.Content) await RefuseAsync(http, admitted, id, Refusal.Denied($"What was shown is for another content than that of part {id}."), started);
        else await SendAsync(http, new(shelf, id, part.File, admission, RangeRequest.Read(http.Request, part.File)), started);
    }

    private async Task SendAsync(HttpContext http, PartAnswer answer, long started)
    {
        if (answer.Admission.WhyNot(answer.Part, answer.Wanted.Range) is { } refusal)
        {
            await RefuseAsync(http, (answer.Shelf, answer.Admission), answer.Part, refusal, started);
            return;
        }

        var sent = Failed;
        try
        {
            sent = await answer.WriteAsync(http);
        }
        finally
        {
            answer.Tell(sent, time.GetElapsedTime(started));
        }
    }

    private async Task AnswerHeaderAsync(HttpContext http)
    {
        if (!ContentId.TryParse(http.Request.RouteValues["contentId"] as string, out var id))
        {
            await RefuseAsync(http, Refusal.NotFound("A content's id is a UUID in lower case; this is none."));
            return;
        }

        var started = time.GetTimestamp();
        if (await AdmitAsync(http, shelf => shelf.Store.TryGetContent(id, out _)) is not { } admitted) return;
        var (shelf, admission) = admitted;
        if (admission.Content != id) await RefuseAsync(http, admitted, part: null, Refusal.Denied($"What was shown is for another content than {id}."), started);
        else if (!shelf.Store.TryGetContent(id, out var content)) await RefuseAsync(http, admitted, part: null, Refusal.NotFound($"There is no content {id} here."), started);
        else await SendAsync(http, new(shelf, Part: null, content.HeaderFile, admission, RangeRequest.Read(http.Request, content.HeaderFile)), started);
    }

    /// <summary>
    /// The first shelf that lets the request in: of those that have what is asked for, or of all when none has it. Null when the request was refused, which
    /// the last of them has the word on: in a host that is both, the content server knows viewers, and the origin does not.
    /// </summary>
    private async ValueTask<(PartShelf Shelf, Admission Admission)?> AdmitAsync(HttpContext http, Func<PartShelf, bool> holds)
    {
        var candidates = _shelves.Length == 1 || !_shelves.Any(holds) ? _shelves : _shelves.Where(holds);
        (PartShelf Shelf, Refusal Refusal)? last = null;
        foreach (var shelf in candidates)
        {
            if ((await shelf.Access.AdmitAsync(http)).IsGranted(out var admission, out var refusal)) return (shelf, admission);
            last = (shelf, refusal);
        }

        await RefuseAsync(http, last?.Refusal ?? Refusal.NotFound("Nothing is served here."));
        last?.Shelf.Access.Refused(http.Response.StatusCode);
        return null;
    }

    /// <summary>Refuses who was let in.</summary>
    private async Task RefuseAsync(HttpContext http, (PartShelf Shelf, Admission Admission) admitted, PartId? part, Refusal refusal, long started)
    {
        await RefuseAsync(http, refusal);
        admitted.Shelf.Access.Answered(admitted.Admission, part, new(http.Response.StatusCode, 0, 0), time.GetElapsedTime(started));
    }

    private static Task RefuseAsync(HttpContext http, Refusal refusal)
    {
        // RFC 6750, 3: what kind of credentials would do.
        if (refusal.Kind is RefusalKind.Unauthenticated) http.Response.Headers.WWWAuthenticate = "Bearer";
        http.Response.Headers.CacheControl = "no-store";
        return refusal.ToProblem().ExecuteAsync(http);
    }

    /// <summary>What is sent to whom: a part, or the header (null).</summary>
    private readonly record struct PartAnswer(PartShelf Shelf, PartId? Part, ServedFile File, Admission Admission, RangeRequest Wanted)
    {
        public Task<SentBytes> WriteAsync(HttpContext http) => Shelf.Answer.WriteAsync(http, File, MediaType, Wanted);

        public void Tell(SentBytes sent, TimeSpan took) => Shelf.Access.Answered(Admission, Part, sent, took);
    }
}
