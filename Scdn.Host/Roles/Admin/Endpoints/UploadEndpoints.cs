using Microsoft.AspNetCore.Mvc;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.OpenApi;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Uploads: parts, for protected contents the key, then the header, which publishes them.</summary>
internal static class UploadEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var uploads = admin.MapGroup("/uploads/{contentId}").In(OperatorArea.Uploads).ForOperators(OperatorRole.Publisher);
        // The only endpoints that take large bodies: written to disk as they come, and never faster than the disk takes them.
        uploads.MapPut("/parts/{partId}", TakePartAsync)
            .WithSummary("Takes a part, as it is stored.").Takes<Stream>("application/octet-stream").Produces(StatusCodes.Status204NoContent).WithMetadata(new DisableRequestSizeLimitAttribute(), new NotAudited());
        uploads.MapPut("/header", TakeHeaderAsync)
            .WithSummary("Takes a header, whose parts are all there, and publishes it.").Takes<Stream>("application/octet-stream").Produces(StatusCodes.Status204NoContent).WithMetadata(new RequestSizeLimitAttribute(Header.MaxSize));
        admin.MapPut("/content-keys/{contentId}", async (string contentId, ContentKeyDeposit deposit, IGateway gateway, CancellationToken cancel) =>
            ContentId.TryParse(contentId, out var content) && content == deposit.Content
                ? (await gateway.KeepContentKeyAsync(deposit, cancel)).ToResult()
                : Refusal.Invalid($"The key is of content {deposit.Content}, not of '{contentId}'.").ToProblem())
            .WithSummary("Takes the content key of a version.").In(OperatorArea.Uploads).ForOperators(OperatorRole.Publisher);
    }

    private static async Task<IResult> TakePartAsync(string contentId, string partId, HttpRequest request, Uploads uploads, CancellationToken cancel)
    {
        if (!ContentId.TryParse(contentId, out var content)) return Refusal.NotFound($"'{contentId}' is not a content's id.").ToProblem();
        if (!PartId.TryParse(partId, out var part)) return Refusal.NotFound($"'{partId}' is not a part's id.").ToProblem();
        if (request.ContentLength is not { } length)
            return TypedResults.Problem("A part is sent with its Content-Length.", statusCode: StatusCodes.Status411LengthRequired);
        return await uploads.TakePartAsync(content, part, request.Body, length, cancel) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }

    private static async Task<IResult> TakeHeaderAsync(string contentId, string? title, HttpRequest request, Uploads uploads, CancellationToken cancel)
    {
        if (!ContentId.TryParse(contentId, out var content)) return Refusal.NotFound($"'{contentId}' is not a content's id.").ToProblem();
        var file = new MemoryStream();
        await request.Body.CopyToAsync(file, cancel);
        var published = await uploads.TakeHeaderAsync(content, file.GetBuffer().AsMemory(0, (int)file.Length), title, request.Headers[Succession.HeaderName], cancel);
        if (published.Refusal is not { } refusal) return TypedResults.NoContent();
        return published.Missing.Count == 0
            ? refusal.ToProblem()
            : TypedResults.Problem(refusal.Detail, statusCode: Problems.Status(refusal.Kind), extensions: [KeyValuePair.Create("missing", (object?)published.Missing)]);
    }
}
