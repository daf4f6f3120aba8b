using Scdn.Format.Wire;
using Scdn.Host.Data;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Operators, and what they did, for owners.</summary>
internal static class OperatorEndpoints
{
    private const int DefaultEntries = 100;
    private const int MaxEntries = 10_000;

    public static void Map(RouteGroupBuilder admin)
    {
        var operators = admin.MapGroup("/operators").ForOperators(OperatorRole.Owner);
        operators.MapGet("", (Operators all, CancellationToken cancel) => all.ListAsync(cancel));
        operators.MapPost("", async (AddOperatorRequest request, HttpContext http, Operators all, CancellationToken cancel) =>
        {
            http.IsAbout($"operator '{request.Name}', {request.Role}");
            return (await all.AddAsync(request, cancel)).ToResult();
        });
        operators.MapDelete("/{id}", async (string id, Operators all, CancellationToken cancel) => (await all.RevokeAsync(id, cancel)).ToResult());
        admin.MapGet("/audit", (Guid? before, int? limit, IAuditLog audit, CancellationToken cancel) => audit.ListAsync(before, Math.Clamp(limit ?? DefaultEntries, 1, MaxEntries), cancel)).ForOperators(OperatorRole.Owner);
    }
}
