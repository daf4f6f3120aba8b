using Scdn.Format;
using Scdn.Grains.Roles;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Sessions;

/// <summary>The rules of a session: it is opened once, ends by itself or is ended, and is never opened again.</summary>
public static class SessionGrain
{
    /// <summary>The longest that a session may last: 24 hours. A licence remembers counted plays for as long.</summary>
    public static TimeSpan MaxLifetime { get; } = TimeSpan.FromHours(24);

    /// <summary>Opens it for more than nothing and at most <see cref="MaxLifetime"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another lifetime.</exception>
    public static Change<SessionState> Open(SessionState? state, string user, string? clientKeyThumbprint, TimeSpan lifetime, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, MaxLifetime);
        return state is null
            ? new SessionState(user, clientKeyThumbprint, now, now + lifetime)
            : Refusal.Conflict("There is a session with this id already; open one with a fresh id.");
    }

    /// <summary>Ends it; one that has ended stays as it is.</summary>
    public static Change<SessionState> End(SessionState? state, DateTimeOffset now) => state switch
    {
        null => Refusal.NotFound("There is no such session."),
        _ when IsValid(state, now) => state with { Ended = now },
        _ => Change<SessionState>.None,
    };

    /// <summary>Whether it was over before an instant.</summary>
    public static bool IsOver(SessionState state, DateTimeOffset before) => (state.Ended ?? state.Expires) < before;

    /// <summary>Whether it has neither ended nor expired.</summary>
    public static bool IsValid(SessionState state, DateTimeOffset now) => state.Ended is null && now < state.Expires;

    /// <summary>The session when it is valid now; else who has to sign in again, and why.</summary>
    public static Outcome<ValidSession> Validate(SessionState? state, SessionId session, DateTimeOffset now) => state switch
    {
        null => Refusal.NotFound($"There is no session {session}; sign in."),
        { Ended: not null } => Refusal.Denied($"Session {session} has been ended; sign in again."),
        _ when !IsValid(state, now) => Refusal.Denied($"Session {session} has expired; sign in again."),
        _ => new ValidSession(session, state.User, state.ClientKeyThumbprint, state.Expires),
    };
}
