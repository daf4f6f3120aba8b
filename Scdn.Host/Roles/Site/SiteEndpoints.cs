using Microsoft.AspNetCore.Mvc;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Configuration;
using Scdn.Host.Hosting.OpenApi;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Site;

/// <summary><c>/v1/site</c>: what a viewer's client asks.</summary>
internal static class SiteEndpoints
{
    private const int MaxReportBytes = 128 * 1024;

    public static void Map(WebApplication app)
    {
        // Sign-in has no credential yet: it checks its proof itself, to learn the key that the session will be bound to.
        app.MapPost("/v1/site/sign-in", (Delegate)SignInAsync).ForEverybody().WithSummary("Opens a session for a viewer who knows the password, bound to the key of the proof; begins a play as well, if wanted.")
            .Takes<SignInRequest>().Produces<SignInAnswer>().WithMetadata(new ShowsProof());

        var site = app.MapGroup("/v1/site").ForViewers();
        site.MapPost("/sign-out", async (HttpContext context, IAdmin admin, CancellationToken cancel) =>
            (await admin.EndSessionAsync(context.ViewerCaller().Session, cancel)).ToResult())
            .WithSummary("Ends the session.");
        site.MapGet("/contents", async (HttpContext context, Entitlement entitlement, CancellationToken cancel) => (await entitlement.ListAsync(context.ViewerCaller(), cancel)).ToResult())
            .WithSummary("What the viewer can begin a play of, and what is left of it.");
        site.MapGet("/contents/{id}/servers", async (string id, HttpContext context, IIpMaster ipMaster, CancellationToken cancel) =>
            ContentId.TryParse(id, out var content)
                ? (await RankAsync(ipMaster, content, context, cancel)).ToResult()
                : Refusal.NotFound($"'{id}' is not a content's id.").ToProblem())
            .WithSummary("The best content servers for the viewer, ranked anew.");
        site.MapPost("/contents/{id}/prepare", async (string id, HttpContext context, Play play, CancellationToken cancel) =>
            ContentId.TryParse(id, out var content)
                ? (await play.PrepareAsync(context.ViewerCaller(), content, ClientAddress.Of(context), cancel)).ToResult()
                : Refusal.NotFound($"'{id}' is not a content's id.").ToProblem())
            .WithSummary("What can be fetched before a play begins: servers, the parts that it starts with, and a key for just these.");
        site.MapPost("/play", async (PlayRequest request, HttpContext context, Play play, CancellationToken cancel) =>
            (await play.BeginAsync(context.ViewerCaller(), request, ClientAddress.Of(context), cancel)).ToResult())
            .WithSummary("Begins a play: header, authentication key, licence and servers.");
        site.MapPost("/plays/keep", async (PlayNotice notice, HttpContext context, Play play, CancellationToken cancel) =>
            (await play.KeepAsync(context.ViewerCaller(), notice, ClientAddress.Of(context), cancel)).ToResult())
            .WithSummary("Says that a play goes on, so that it keeps its place among the streams at the same time.");
        site.MapPost("/plays/end", async (PlayNotice notice, HttpContext context, Play play, CancellationToken cancel) =>
            (await play.EndAsync(context.ViewerCaller(), notice, cancel)).ToResult())
            .WithSummary("Says that a play has ended, which gives its place back.");
        site.MapPost("/plays/report", async (PlayReport report, HttpContext context, Play play, CancellationToken cancel) =>
            (await play.ReportAsync(context.ViewerCaller(), report, cancel)).ToResult())
            .WithSummary("Tells what the player knows of a play: when it began, when it stood still, and why.").WithMetadata(new RequestSizeLimitAttribute(MaxReportBytes));
        site.MapPost("/plays/seeks", async (SeekNotice notice, HttpContext context, Entitlement entitlement, CancellationToken cancel) =>
            (await entitlement.CountSeeksAsync(context.ViewerCaller(), notice, cancel)).ToResult())
            .WithSummary("Says how many seeks there were in a play; answers how many are left.");
        site.MapPost("/downloads", async (DownloadRequest request, HttpContext context, Play play, CancellationToken cancel) =>
            (await play.TakeAlongAsync(context.ViewerCaller(), request, ClientAddress.Of(context), cancel)).ToResult())
            .WithSummary("Takes a content along: header, and a licence for one device.");
        site.MapPost("/downloads/{id}/receipts", async (string id, ReceiptsRequest request, HttpContext context, IGateway gateway, CancellationToken cancel) =>
            DownloadId.TryParse(id, out var download)
                ? (await gateway.HandInReceiptsAsync(new ReceiptsDelivery(context.ViewerCaller().User, download, request), cancel)).ToResult()
                : Refusal.NotFound($"'{id}' is not a download's id.").ToProblem())
            .WithSummary("Hands in the receipts of plays without a line; gives back what was not played, if wanted.");
        site.MapPost("/licence", async (PlayRequest request, HttpContext context, Play play, CancellationToken cancel) =>
            (await play.LicenceAsync(context.ViewerCaller(), request, ClientAddress.Of(context), cancel)).ToResult())
            .WithSummary("The licence of a play alone.");
    }

    private static async Task<Outcome<IReadOnlyList<RankedServer>>> RankAsync(IIpMaster ipMaster, ContentId content, HttpContext context, CancellationToken cancel) =>
        (await ipMaster.RankAsync(new RankRequest(content, ClientAddress.Of(context)), cancel)).IsGranted(out var ranked, out var refusal)
            ? new Outcome<IReadOnlyList<RankedServer>> { Value = ranked.Servers }
            : refusal;

    private static async Task SignInAsync(HttpContext context)
    {
        var (services, cancel) = (context.RequestServices, context.RequestAborted);
        var proof = await services.GetRequiredService<ProofReader>().ReadAsync(context, ProofReader.ViewerHeaderName, accessToken: null);
        if (!proof.IsGranted(out var check, out var refusal))
        {
            await refusal.ToProblem().ExecuteAsync(context);
            return;
        }

        var request = await Bodies.ReadAsync<SignInRequest>(context);
        var answer = await services.GetRequiredService<SignIn>().AnswerAsync(request, check.Thumbprint!, ClientAddress.Of(context), refused => RefusalLog.KeepWithin(context, refused), cancel);
        await answer.ToResult().ExecuteAsync(context);
    }
}
