using Scdn.Format.Wire;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Operators, for owners.</summary>
internal static class OperatorEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var operators = admin.MapGroup("/operators").ForOperators(OperatorRole.Owner);
        operators.MapGet("", (Operators all, CancellationToken cancel) => all.ListAsync(cancel));
        operators.MapPost("", async (AddOperatorRequest request, Operators all, CancellationToken cancel) => (await all.AddAsync(request, cancel)).ToResult());
        operators.MapDelete("/{id}", async (string id, Operators all, CancellationToken cancel) => (await all.RevokeAsync(id, cancel)).ToResult());
    }
}
