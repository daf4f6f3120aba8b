using System.Text.Json.Serialization.Metadata;
using Scdn.Grains.Limits;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Users;

/// <summary>A viewer's account.</summary>
/// <param name="Name">What the viewer signs in with, as it was written at first.</param>
/// <param name="PasswordHash">The salted hash of the password with its parameters, as its maker writes it; null: nobody signs in with it, a contents site opens its sessions.</param>
/// <param name="Created">Since when.</param>
/// <param name="Plays">How often each content may be played; null: without limit.</param>
/// <param name="Until">Until when contents may be played; null: without end.</param>
/// <param name="Disabled">Since when nobody can sign in with it; null: it is in use.</param>
/// <param name="GrantedOnly">Whether it plays only what was granted to it, instead of all that is published.</param>
/// <param name="Limits">The limits that it has of its own; null: those of everybody.</param>
public sealed record UserState(
    string Name, string? PasswordHash, DateTimeOffset Created, int? Plays = null, DateTimeOffset? Until = null, DateTimeOffset? Disabled = null, bool GrantedOnly = false,
    OwnLimits? Limits = null)
    : IGrainState<UserState>
{
    /// <inheritdoc/>
    public static string Kind => "user";

    /// <inheritdoc/>
    public static JsonTypeInfo<UserState> Json => GrainJson.Default.UserState;

    /// <summary>The grain's id: the name in lower case, so that nobody can pass for another by a capital letter.</summary>
    public static string IdOf(string name) => name.ToLowerInvariant();
}
