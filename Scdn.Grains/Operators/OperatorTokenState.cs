using System.Text.Json.Serialization.Metadata;
using Scdn.Format.Wire;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Operators;

/// <summary>A token that an operator shows. The store knows its hash only.</summary>
/// <param name="Name">What it is called, for people.</param>
/// <param name="Created">Since when.</param>
/// <param name="Role">What it allows; the first one, made before there were roles, everything.</param>
/// <param name="Expires">From then on it is worth nothing; null: it has no end.</param>
/// <param name="Revoked">Since when it is worth nothing before that; null: it was not revoked.</param>
/// <param name="Scopes">What of its role it allows; null: all of it.</param>
/// <param name="Account">The account that it is worth nothing without; null: none.</param>
/// <param name="MadeBy">Who made it; null: nobody, it is a first start's.</param>
/// <param name="Password">Of one that a sign-in gave: the number of the account's password then (<see cref="OperatorState.Passwords"/>); null: it was made otherwise.</param>
public sealed record OperatorTokenState(
    string Name,
    DateTimeOffset Created,
    OperatorRole Role = OperatorRole.Owner,
    DateTimeOffset? Expires = null,
    DateTimeOffset? Revoked = null,
    IReadOnlyList<OperatorScope>? Scopes = null,
    string? Account = null,
    string? MadeBy = null,
    int? Password = null)
    : IGrainState<OperatorTokenState>
{
    /// <inheritdoc/>
    public static string Kind => "operator-token";

    /// <inheritdoc/>
    public static JsonTypeInfo<OperatorTokenState> Json => GrainJson.Default.OperatorTokenState;

    /// <summary>The grain's id: the token's SHA-256 in hexadecimal digits.</summary>
    public static string IdOf(string token) => TokenHash.Of(token);
}
