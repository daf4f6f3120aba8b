using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Sessions;

/// <summary>A viewer's session.</summary>
/// <param name="User">Whose: the user's name as the user's grain has it.</param>
/// <param name="ClientKeyThumbprint">JWK thumbprint (RFC 7638) of the key that it is bound to; null for one that an operator opened.</param>
/// <param name="Opened">Since when.</param>
/// <param name="Expires">When it ends by itself.</param>
/// <param name="Ended">When it was ended before that; null when it was not.</param>
public sealed record SessionState(
    string User, string? ClientKeyThumbprint, DateTimeOffset Opened, DateTimeOffset Expires, DateTimeOffset? Ended = null)
    : IGrainState<SessionState>
{
    /// <inheritdoc/>
    public static string Kind => "session";

    /// <inheritdoc/>
    public static JsonTypeInfo<SessionState> Json => GrainJson.Default.SessionState;

    /// <summary>The grain's id.</summary>
    public static string IdOf(SessionId session) => session.ToString();
}
