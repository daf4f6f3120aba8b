using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Roles;
using Scdn.Grains.Storage;

namespace Scdn.Grains.AuthKeys;

/// <summary>An authentication key.</summary>
/// <param name="Pseudonym">What content servers see in place of the session.</param>
/// <param name="Session">The session behind it.</param>
/// <param name="User">The user behind it.</param>
/// <param name="Content">What it opens.</param>
/// <param name="Servers">Where it opens it.</param>
/// <param name="Issued">Since when.</param>
/// <param name="Expires">When it ends by itself.</param>
/// <param name="Revoked">When it was revoked; null when it was not.</param>
/// <param name="Grant">The number of the grant that it was issued by, within the licence of user and content; null: the account allows it.</param>
/// <param name="Stream">The stream that it is for, with whose places it ends; null: it has none.</param>
public sealed record AuthKeyState(
    string Pseudonym,
    SessionId Session,
    string User,
    ContentId Content,
    IReadOnlyList<ServerId> Servers,
    DateTimeOffset Issued,
    DateTimeOffset Expires,
    DateTimeOffset? Revoked = null,
    int? Grant = null,
    KeyStream? Stream = null)
    : IGrainState<AuthKeyState>
{
    /// <inheritdoc/>
    public static string Kind => "key";

    /// <inheritdoc/>
    public static JsonTypeInfo<AuthKeyState> Json => GrainJson.Default.AuthKeyState;

    /// <summary>The grain's id.</summary>
    public static string IdOf(KeyId key) => key.ToString();
}
