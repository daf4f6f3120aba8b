using Scdn.Format;

namespace Scdn.Host.Hosting.Trust;

/// <summary>A host that has proved itself by its registered key.</summary>
/// <param name="Thumbprint">Its key's thumbprint.</param>
/// <param name="Server">The content server that it is; null: none.</param>
/// <param name="ControlHost">The control host that it is; null: none.</param>
internal sealed record HostCaller(string Thumbprint, ServerId? Server, string? ControlHost);

/// <summary>A viewer with a valid session, proved by the key that the session is bound to.</summary>
internal sealed record ViewerCaller(SessionId Session, string User, DateTimeOffset Expires);

/// <summary>An operator whose token is known; an endpoint is reached only with one that is valid and has the role.</summary>
internal sealed record OperatorCaller(string Name);

/// <summary>Who sent a request, once its endpoint's policy has let it pass.</summary>
internal static class Callers
{
    public static HostCaller HostCaller(this HttpContext context) => Get<HostCaller>(context);

    public static ViewerCaller ViewerCaller(this HttpContext context) => Get<ViewerCaller>(context);

    public static OperatorCaller OperatorCaller(this HttpContext context) => Get<OperatorCaller>(context);

    private static T Get<T>(HttpContext context)
        where T : class => context.Features.Get<T>() ?? throw new InvalidOperationException($"The endpoint has no policy that gives it a {typeof(T).Name}.");
}
