using Microsoft.AspNetCore.Http.HttpResults;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Viewers' accounts and sessions.</summary>
internal static class AccountEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/users", (Accounts accounts, CancellationToken cancel) => accounts.ListAsync(cancel));
        admin.MapPost("/users", async (AddUserRequest request, HttpContext http, Accounts accounts, CancellationToken cancel) =>
        {
            http.IsAbout($"user '{request.Name}'");
            return (await accounts.AddAsync(request, cancel)).ToResult();
        });
        admin.MapDelete("/users/{name}", async (string name, Accounts accounts, CancellationToken cancel) => (await accounts.DisableAsync(name, cancel)).ToResult());

        admin.MapGet("/sessions", (Sessions sessions, CancellationToken cancel) => sessions.ListAsync(cancel));
        admin.MapPost("/sessions", async (AddSessionRequest request, HttpContext http, Sessions sessions, CancellationToken cancel) =>
        {
            http.IsAbout($"user '{request.User}'");
            return (await sessions.OpenAsync(new OpenSession(request.User, ClientKeyThumbprint: null), cancel)).ToResult();
        });
        admin.MapDelete("/sessions/{id}", async (string id, Sessions sessions, CancellationToken cancel) =>
            SessionId.TryParse(id, out var session) ? (await sessions.EndAsync(session, cancel)).ToResult() : NoSession(id));
        admin.MapGet("/sessions/{id}/validity", async (string id, Sessions sessions, CancellationToken cancel) =>
            SessionId.TryParse(id, out var session) ? (await sessions.FindAsync(session, cancel)).ToResult() : NoSession(id));
    }

    private static ProblemHttpResult NoSession(string id) => Refusal.NotFound($"'{id}' is not a session's id.").ToProblem();
}
