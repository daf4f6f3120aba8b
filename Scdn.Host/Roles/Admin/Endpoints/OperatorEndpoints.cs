using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Host.Data;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Configuration;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Operators' accounts, their tokens, and what they did.</summary>
internal static class OperatorEndpoints
{
    private const int DefaultEntries = 100;
    private const int MaxEntries = 10_000;

    public static void Map(RouteGroupBuilder admin)
    {
        MapAccounts(admin.MapGroup("/operators").In(OperatorArea.Operators).ForOperators(OperatorRole.Owner));
        MapTokens(admin.MapGroup("/tokens").In(OperatorArea.Operators).ForOperators(OperatorRole.Viewer));
        admin.MapPut("/password", async (ChangePasswordRequest request, HttpContext http, OperatorSignIn signIn, CancellationToken cancel) =>
            (await signIn.ChangePasswordAsync(request, http.OperatorCaller(), AddressOf(http), cancel)).ToResult())
            .WithSummary("Changes the caller's own password.").In(OperatorArea.Operators).ForOperators(OperatorRole.Viewer);
        admin.MapGet("/audit", (Guid? before, int? limit, IAuditLog audit, CancellationToken cancel) => audit.ListAsync(before, Math.Clamp(limit ?? DefaultEntries, 1, MaxEntries), cancel))
            .WithSummary("What operators did and tried to do, the newest first.")
            .In(OperatorArea.Audit).ForOperators(OperatorRole.Owner);

        // Who signs in has no token yet: his name is known once the password was right.
        admin.MapPost("/sign-in", SignInAsync)
            .WithSummary("Opens an operator's session: a token for twelve hours.").Produces<OperatorSignInAnswer>().ForEverybody();
        admin.MapPost("/sign-out", async (HttpContext http, Tokens tokens, CancellationToken cancel) => (await tokens.SignOutAsync(http.OperatorCaller(), cancel)).ToResult())
            .WithSummary("Ends the session whose token is shown.")
            .InNoArea().ForOperators(OperatorRole.Viewer);
    }

    private static void MapAccounts(RouteGroupBuilder operators)
    {
        operators.MapGet("", (Operators all, CancellationToken cancel) => all.ListAsync(cancel))
            .WithSummary("Operators' accounts.");
        operators.MapPost("", async (AddOperatorRequest request, HttpContext http, Operators all, CancellationToken cancel) =>
        {
            http.IsAbout($"operator '{request.Name}', {request.Role}");
            return (await all.AddAsync(request, http.OperatorCaller().Rights, cancel)).ToResult();
        })
            .WithSummary("Makes an operator's account.");
        operators.MapPut("/{name}/password", async (string name, SetPasswordRequest request, HttpContext http, Operators all, CancellationToken cancel) =>
            (await all.SetPasswordAsync(name, request, http.OperatorCaller().Rights, cancel)).ToResult())
            .WithSummary("Sets an operator's password.");
        operators.MapDelete("/{name}", async (string name, Operators all, CancellationToken cancel) => (await all.DisableAsync(name, cancel)).ToResult())
            .WithSummary("Closes an operator's account and revokes its tokens.");
    }

    private static void MapTokens(RouteGroupBuilder tokens)
    {
        tokens.MapGet("", (HttpContext http, Tokens all, CancellationToken cancel) => all.ListAsync(http.OperatorCaller(), cancel))
            .WithSummary("Tokens, without their secrets; all of them for an owner, else one's own.");
        tokens.MapPost("", async (AddTokenRequest request, HttpContext http, Tokens all, CancellationToken cancel) =>
        {
            http.IsAbout($"token '{request.Name}', {request.Role}{(request.Scopes is { } scopes ? $", {string.Join(' ', scopes)}" : "")}");
            return (await all.AddAsync(request, http.OperatorCaller(), cancel)).ToResult();
        })
            .WithSummary("Makes a token, which is told once.");
        tokens.MapDelete("/{id}", async (string id, HttpContext http, Tokens all, CancellationToken cancel) => (await all.RevokeAsync(id, http.OperatorCaller(), cancel)).ToResult())
            .WithSummary("Revokes a token.");
    }

    private static async Task<IResult> SignInAsync(OperatorSignInRequest request, HttpContext http, OperatorSignIn signIn, FailedSignIns failed, Audit audit, CancellationToken cancel)
    {
        if (!(await signIn.CheckAsync(request.Name, request.Password, AddressOf(http), cancel)).IsGranted(out var account, out var refusal))
        {
            if (refusal.Kind == RefusalKind.Unauthenticated) await failed.NoteAsync(request.Name, AddressOf(http), cancel);
            return refusal.ToProblem();
        }

        var fresh = signIn.MakeToken(account);
        http.Features.Set(new OperatorCaller(fresh.Id, fresh.State, account));
        await audit.DoAsync(http, async context => await (await signIn.KeepAsync(fresh, cancel)).ToResult().ExecuteAsync(context));
        return TypedResults.Empty;
    }

    private static string AddressOf(HttpContext http) => ClientAddress.Of(http) ?? "";
}
