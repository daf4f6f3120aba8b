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
        contents.MapGet("", (Catalogue catalogue, CancellationToken cancel) => catalogue.ListStatusAsync(cancel));
        contents.MapDelete("/{id}", (string id, Catalogue catalogue, CancellationToken cancel) =>
            ChangeAsync(id, content => catalogue.WithdrawAsync(content, cancel))).ForOperators(OperatorRole.Publisher);
        contents.MapPost("/{id}/restore", (string id, Catalogue catalogue, CancellationToken cancel) =>
            ChangeAsync(id, content => catalogue.RestoreAsync(content, cancel))).ForOperators(OperatorRole.Publisher);
    }

    private static async Task<IResult> ChangeAsync(string id, Func<ContentId, Task<Outcome<Done>>> change) =>
        ContentId.TryParse(id, out var content) ? (await change(content)).ToResult() : Refusal.NotFound($"'{id}' is not a content's id.").ToProblem();
}
