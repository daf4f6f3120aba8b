using Scdn.Format;
using Scdn.Grains.Operators;

namespace Scdn.Host.Hosting.Trust;

/// <summary>A host that has proved itself by its registered key.</summary>
/// <param name="Thumbprint">Its key's thumbprint.</param>
/// <param name="Server">The content server that it is; null: none.</param>
/// <param name="ControlHost">The control host that it is; null: none.</param>
/// <param name="Expelled">Whether it is a content server that was expelled: let in only where it is told so.</param>
internal sealed record HostCaller(string Thumbprint, ServerId? Server, string? ControlHost, bool Expelled = false);

/// <summary>A viewer with a valid session, proved by the key that the session is bound to.</summary>
internal sealed record ViewerCaller(SessionId Session, string User, DateTimeOffset Expires);

/// <summary>An operator whose token is known; an endpoint is reached only with one that is valid and has the role and the scope.</summary>
/// <param name="TokenId">The grain's id of the token.</param>
/// <param name="Token">The token.</param>
/// <param name="Account">Its account; null: it has none.</param>
internal sealed record OperatorCaller(string TokenId, OperatorTokenState Token, OperatorState? Account)
{
    /// <summary>What a token is named by, for people.</summary>
    public const int ShortIdLength = 16;

    /// <summary>What it allows.</summary>
    public OperatorRights Rights { get; } = OperatorRights.Of(Token, Account);

    /// <summary>Who it is, for the audit log and for what is made by him: the account, the token's name when it is no sign-in's, and the token's id.</summary>
    public string Name { get; } = $"{(Token.Account is null || Token.Password is not null ? Token.Name : $"{Token.Account}/{Token.Name}")} ({TokenId[..ShortIdLength]})";
}

/// <summary>Who sent a request, once its endpoint's policy has let it pass.</summary>
internal static class Callers
{
    public static HostCaller HostCaller(this HttpContext context) => Get<HostCaller>(context);

    public static ViewerCaller ViewerCaller(this HttpContext context) => Get<ViewerCaller>(context);

    public static OperatorCaller OperatorCaller(this HttpContext context) => Get<OperatorCaller>(context);

    private static T Get<T>(HttpContext context)
        where T : class => context.Features.Get<T>() ?? throw new InvalidOperationException($"The endpoint has no policy that gives it a {typeof(T).Name}.");
}
