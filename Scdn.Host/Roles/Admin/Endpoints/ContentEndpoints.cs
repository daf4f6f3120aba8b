using Microsoft.AspNetCore.Http.HttpResults;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>The catalogue.</summary>
internal static class ContentEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var contents = admin.MapGroup("/contents").In(OperatorArea.Contents);
        contents.MapGet("", (Catalogue catalogue, CancellationToken cancel) => catalogue.ListStatusAsync(cancel))
            .WithSummary("What is published, and how many servers hold it.");
        contents.MapDelete("/{id}", (string id, Catalogue catalogue, CancellationToken cancel) =>
            ChangeAsync(id, content => catalogue.WithdrawAsync(content, cancel)))
            .WithSummary("Withdraws a content.").ForOperators(OperatorRole.Publisher);
        contents.MapPost("/{id}/restore", (string id, Catalogue catalogue, CancellationToken cancel) =>
            ChangeAsync(id, content => catalogue.RestoreAsync(content, cancel)))
            .WithSummary("Brings back a content that was withdrawn within the last day.").ForOperators(OperatorRole.Publisher);
        contents.MapPatch("/{id}/limits", LimitAsync)
            .WithSummary("Changes some of the limits of a content.");
    }

    private static async Task<Results<Ok<ContentLimits>, NoContent, ProblemHttpResult>> LimitAsync(string id, ContentLimits edit, HttpContext http, Catalogue catalogue, CancellationToken cancel)
    {
        if (!ContentId.TryParse(id, out var content)) return Refusal.NotFound($"'{id}' is not a content's id.").ToProblem();
        var limited = await catalogue.LimitAsync(content, edit, cancel);
        if (limited.Refusal is null) http.IsAbout(AccountEndpoints.Said(("streams", edit.Streams), ("addresses", edit.Addresses)));
        return limited.ToResult();
    }

    private static async Task<Results<Ok<Done>, NoContent, ProblemHttpResult>> ChangeAsync(string id, Func<ContentId, Task<Outcome<Done>>> change) =>
        ContentId.TryParse(id, out var content) ? (await change(content)).ToResult() : Refusal.NotFound($"'{id}' is not a content's id.").ToProblem();
}
