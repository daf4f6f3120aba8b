using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

namespace Scdn.Grains.Sessions;

/// <summary>That a user has, or had, a session: by its id, a user's sessions are found among all others. Made just before the session, which may be missing when that was cut short.</summary>
/// <param name="Session">Which.</param>
/// <param name="Opened">Since when.</param>
public sealed record UserSessionState(SessionId Session, DateTimeOffset Opened) : IGrainState<UserSessionState>
{
    /// <inheritdoc/>
    public static string Kind => "user-session";

    /// <inheritdoc/>
    public static JsonTypeInfo<UserSessionState> Json => GrainJson.Default.UserSessionState;

    /// <summary>The grain's id.</summary>
    public static string IdOf(string user, SessionId session) => $"{PrefixOf(user)}{session}";

    /// <summary>What the ids of all of a user's begin with; no name has the character at its end.</summary>
    public static string PrefixOf(string user) => $"{UserState.IdOf(user)}/";
}
