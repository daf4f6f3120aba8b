using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Viewers' accounts.</summary>
internal static class AccountEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var users = admin.MapGroup("/users").In(OperatorArea.Users);
        users.MapGet("", (string? after, int? limit, Accounts accounts, CancellationToken cancel) => accounts.ListAsync(after, Paging.Limit(limit), cancel))
            .WithSummary("Accounts, by name.");
        users.MapPost("", async (AddUserRequest request, HttpContext http, Accounts accounts, CancellationToken cancel) =>
        {
            http.IsAbout($"user '{request.Name}'");
            return (await accounts.AddAsync(request, cancel)).ToResult();
        })
            .WithSummary("Makes an account.");
        users.MapDelete("/{name}", async (string name, Accounts accounts, CancellationToken cancel) => (await accounts.DisableAsync(name, cancel)).ToResult())
            .WithSummary("Closes an account for good and ends its sessions.");
    }
}
