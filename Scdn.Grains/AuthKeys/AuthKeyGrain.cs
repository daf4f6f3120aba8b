using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains.Roles;
using Scdn.Grains.Storage;

namespace Scdn.Grains.AuthKeys;

/// <summary>The rules of an authentication key: issued once, for named servers, and only ever worth less.</summary>
public static class AuthKeyGrain
{
    /// <summary>How long a key lasts at most that opens the start of a play alone: it is used at once, or asked for again.</summary>
    public static readonly TimeSpan StartLifetime = TimeSpan.FromMinutes(2);

    /// <summary>Issues it for <paramref name="lifetime"/>, but no longer than the order's <see cref="KeyOrder.NotAfter"/>, nor than <see cref="StartLifetime"/> when it is for the start of a play alone.</summary>
    /// <param name="state">Must not be there yet.</param>
    /// <param name="order">For whom, what and where.</param>
    /// <param name="pseudonym">What content servers see in place of the session.</param>
    /// <param name="lifetime">More than nothing.</param>
    /// <param name="now">Now.</param>
    public static Change<AuthKeyState> Issue(AuthKeyState? state, KeyOrder order, string pseudonym, TimeSpan lifetime, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        if (state is not null) return Refusal.Conflict("There is an authentication key with this id already; issue one with a fresh id.");
        if (order.Servers.Count == 0) return Refusal.Invalid($"An authentication key for content {order.Content} must name a content server.");
        if (order.NotAfter <= now) return Refusal.Denied($"Session {order.Session} or what was bought has expired; sign in again.");
        if (order.StartOf is not null && lifetime > StartLifetime) lifetime = StartLifetime;
        var expires = now + lifetime < order.NotAfter ? now + lifetime : order.NotAfter;
        return new AuthKeyState(pseudonym, order.Session, order.User, order.Content, [.. order.Servers.Distinct()], now, expires, Grant: order.Grant, Stream: order.Stream);
    }

    /// <summary>Revokes it; one that was revoked stays as it is.</summary>
    public static Change<AuthKeyState> Revoke(AuthKeyState? state, DateTimeOffset now) => state switch
    {
        null => Refusal.NotFound("There is no such authentication key."),
        { Revoked: not null } => Change<AuthKeyState>.None,
        _ => state with { Revoked = now },
    };

    /// <summary>Whether it had expired before an instant. One that was revoked is not over: that must be known for as long as it could be shown.</summary>
    public static bool IsOver(AuthKeyState state, DateTimeOffset before) => state.Expires < before;

    /// <summary>What content servers are told of it.</summary>
    public static KeyStanding Standing(KeyId key, AuthKeyState state) => new(key, state.Content, state.Expires, state.Revoked is not null);

    /// <summary>What it is worth now, and if nothing, why.</summary>
    public static KeyStatus Status(KeyId key, AuthKeyState state, DateTimeOffset now)
    {
        var reason = state switch
        {
            { Revoked: not null } => $"Authentication key {key} has been revoked.",
            _ when now >= state.Expires => $"Authentication key {key} has expired.",
            _ => null,
        };
        return new KeyStatus(key, state.Content, state.Expires, reason is null, reason);
    }
}
