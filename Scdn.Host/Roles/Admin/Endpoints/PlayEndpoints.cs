using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.OpenApi;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Single plays.</summary>
internal static class PlayEndpoints
{
    private const int LeastDigits = 4;
    private const int IdDigits = 32;

    public static void Map(RouteGroupBuilder admin)
    {
        var plays = admin.MapGroup("/plays").In(OperatorArea.Statistics);
        plays.MapGet("", ListAsync)
            .WithSummary("Plays of a user, or whose id or session's id begins so, the newest first.").Asks("id", "user", "limit").Produces<IReadOnlyList<PlaySummary>>();
        plays.MapGet("/{id}", async (string id, PlayPages pages, CancellationToken cancel) =>
            Guid.TryParseExact(id, "D", out var play) ? (await pages.ExplainAsync(play, cancel)).ToResult() : Refusal.NotFound($"'{id}' is not a play's id.").ToProblem())
            .WithSummary("All that is known of a play: its keys, what content servers answered, and what the player told.");
    }

    private static async Task<IResult> ListAsync(HttpRequest request, PlayPages pages, CancellationToken cancel)
    {
        var asked = new QueryParameters(request);
        var (id, user, limit) = (asked.Text("id"), asked.Text("user"), asked.Number("limit", PlayPages.MaxPlays, PlayPages.MaxPlays));
        if (asked.Refusal is { } refusal) return refusal.ToProblem();
        if (id is null == user is null) return Refusal.Invalid("Say either whose plays ('user') or how their id begins ('id').").ToProblem();
        if (user is not null) return TypedResults.Ok(await pages.OfUserAsync(user, limit, cancel));
        var digits = id!.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (digits.Length is < LeastDigits or > IdDigits || !digits.All(char.IsAsciiHexDigit)) return Refusal.Invalid($"'id' is the beginning of an id: {LeastDigits} hexadecimal digits at least.").ToProblem();
        return TypedResults.Ok(await pages.BetweenAsync(Filled(digits, '0'), Filled(digits, 'f'), limit, cancel));
    }

    private static Guid Filled(string digits, char with) => Guid.ParseExact(digits.PadRight(IdDigits, with), "N");
}
