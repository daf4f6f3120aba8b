using Microsoft.AspNetCore.Http.HttpResults;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Viewers' sessions.</summary>
internal static class SessionEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var all = admin.MapGroup("/sessions").In(OperatorArea.Sessions);
        all.MapGet("", ListAsync)
            .WithSummary("Sessions, the newest first; state is live (unless told), ended or all.").Produces<Page<SessionSummary>>();
        all.MapPost("", async (AddSessionRequest request, HttpContext http, SessionHandOver sessions, CancellationToken cancel) =>
        {
            http.IsAbout($"user '{request.User}'");
            return (await sessions.AddAsync(request, cancel)).ToResult();
        })
            .WithSummary("Opens a session; with the thumbprint of the client's key there is a credential for it.");
        all.MapDelete("", EndAllAsync)
            .WithSummary("Ends all sessions of a user.").Produces<EndedSessions>();
        all.MapDelete("/{id}", async (string id, Sessions sessions, CancellationToken cancel) =>
            SessionId.TryParse(id, out var session) ? (await sessions.EndAsync(session, cancel)).ToResult() : NoSession(id))
            .WithSummary("Ends a session.");
        all.MapGet("/{id}/validity", async (string id, Sessions sessions, CancellationToken cancel) =>
            SessionId.TryParse(id, out var session) ? (await sessions.FindAsync(session, cancel)).ToResult() : NoSession(id))
            .WithSummary("A session, and whether it is valid.");
    }

    private static async Task<IResult> ListAsync(string? user, string? state, string? after, int? limit, Sessions sessions, CancellationToken cancel)
    {
        SessionFilter? wanted = state switch { null or "live" => SessionFilter.Live, "ended" => SessionFilter.Ended, "all" => SessionFilter.All, _ => null };
        if (wanted is not { } filter) return Refusal.Invalid($"Sessions are listed by state=live, ended or all, not '{state}'.").ToProblem();
        SessionId? from = SessionId.TryParse(after, out var id) ? id : null;
        if (after is not null && from is null) return Refusal.Invalid($"'{after}' is not where a page ended: give what the page before says as 'next'.").ToProblem();
        return TypedResults.Ok(await sessions.ListAsync(user, filter, from, Paging.Limit(limit), cancel));
    }

    private static async Task<IResult> EndAllAsync(string? user, HttpContext http, Sessions sessions, CancellationToken cancel)
    {
        // Nobody ends the sessions of everybody by leaving something out.
        if (string.IsNullOrEmpty(user)) return Refusal.Invalid("Say whose sessions are to end: ?user=NAME.").ToProblem();
        http.IsAbout($"user '{user}'");
        return (await sessions.EndAllAsync(user, cancel)).ToResult();
    }

    private static ProblemHttpResult NoSession(string id) => Refusal.NotFound($"'{id}' is not a session's id.").ToProblem();
}
