using Microsoft.AspNetCore.Http.HttpResults;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>What users were granted of contents.</summary>
internal static class EntitlementEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/entitlements", (string? after, int? limit, Entitlements entitlements, CancellationToken cancel) => entitlements.ListAsync(name: null, after, Paging.Limit(limit), cancel))
            .WithSummary("What was granted, by user and content.").In(OperatorArea.Users);
        var user = admin.MapGroup("/users/{name}/entitlements").In(OperatorArea.Users);
        user.MapGet("", (string name, string? after, int? limit, Entitlements entitlements, CancellationToken cancel) => entitlements.ListAsync(name, after, Paging.Limit(limit), cancel))
            .WithSummary("What was granted to a user.");
        user.MapGet("/{contentId}", async (string name, string contentId, Entitlements entitlements, CancellationToken cancel) =>
            ContentId.TryParse(contentId, out var content) ? (await entitlements.FindAsync(name, content, cancel)).ToResult() : NoContent(contentId))
            .WithSummary("What was granted to a user of a content, and what is left.");
        user.MapPut("/{contentId}", async (string name, string contentId, EntitlementRequest request, Entitlements entitlements, CancellationToken cancel) =>
            ContentId.TryParse(contentId, out var content) ? (await entitlements.GiveAsync(name, content, request, cancel)).ToResult() : NoContent(contentId))
            .WithSummary("Grants a content to a user, or changes what was granted; the same again changes nothing.");
        user.MapDelete("/{contentId}", async (string name, string contentId, string? purchase, Entitlements entitlements, CancellationToken cancel) =>
            ContentId.TryParse(contentId, out var content) ? (await entitlements.TakeBackAsync(name, content, purchase, cancel)).ToResult() : NoContent(contentId))
            .WithSummary("Takes back what was granted of a content, one purchase or all, at once.");
    }

    private static ProblemHttpResult NoContent(string id) => Refusal.NotFound($"'{id}' is not a content's id.").ToProblem();
}
