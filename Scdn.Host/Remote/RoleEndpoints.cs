using System.Reflection;
using Scdn.Grains;
using Scdn.Grains.Roles;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Remote;

/// <summary>The serving end of the bridge: every method of a role that runs here as <c>POST /v1/roles/ROLE/METHOD</c>, for hosts only.</summary>
internal static class RoleEndpoints
{
    private static readonly MethodInfo MapOneMethod = typeof(RoleEndpoints).GetMethod(nameof(MapOne), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static void MapRole<TRole>(this WebApplication app)
        where TRole : class, IRole
    {
        foreach (var method in RoleMethod.Of<TRole>())
        {
            var mapOne = MapOneMethod.MakeGenericMethod(typeof(TRole), method.Request, method.Answer);
            mapOne.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [app, method], culture: null);
        }
    }

    private static void MapOne<TRole, TRequest, TAnswer>(WebApplication app, RoleMethod method)
        where TRole : class, IRole
    {
        var call = method.Method.CreateDelegate<Func<TRole, TRequest, CancellationToken, Task<Outcome<TAnswer>>>>();
        var role = app.Services.GetRequiredService<TRole>();
        app.MapPost(method.Path, (RequestDelegate)AnswerAsync).ForHosts();

        async Task AnswerAsync(HttpContext context)
        {
            var request = await Bodies.ReadAsync<TRequest>(context, HostJson.Options);
            var outcome = ContentServerAccess.Check(method, request!, context.HostCaller()) is { } refusal
                ? refusal
                : await call(role, request, context.RequestAborted);
            await outcome.ToResult().ExecuteAsync(context);
        }
    }
}
