using System.Text.Json.Serialization;

namespace Scdn.Format.Wire;

/// <summary>What an operator may do; each role may all that those before it may.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperatorRole>))]
public enum OperatorRole
{
    /// <summary>Look at everything but secrets.</summary>
    [JsonStringEnumMemberName("viewer")]
    Viewer,

    /// <summary>Publish contents, withdraw them, and bring them back.</summary>
    [JsonStringEnumMemberName("publisher")]
    Publisher,

    /// <summary>Manage viewers' accounts, sessions, authentication keys and content servers.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,

    /// <summary>Manage operators.</summary>
    [JsonStringEnumMemberName("owner")]
    Owner,
}

/// <summary>Makes an operator's account.</summary>
/// <param name="Name">What the operator signs in with: 1 to 64 letters, digits and <c>. _ - @</c>.</param>
/// <param name="Role">What it allows.</param>
/// <param name="Password">At least 8 characters.</param>
public sealed record AddOperatorRequest(string Name, OperatorRole Role, string Password);

/// <summary>An operator's account.</summary>
/// <param name="Name">What the operator signs in with.</param>
/// <param name="Role">What it allows.</param>
/// <param name="Created">Since when.</param>
/// <param name="Disabled">Since when nobody signs in with it, and its tokens are worth nothing; null: it is in use.</param>
public sealed record OperatorSummary(string Name, OperatorRole Role, DateTimeOffset Created, DateTimeOffset? Disabled = null);

/// <summary>Gives an account another password, as an owner.</summary>
public sealed record SetPasswordRequest(string Password);

/// <summary>Gives one's own account another password.</summary>
/// <param name="Current">The present one.</param>
/// <param name="Password">The one from now on.</param>
public sealed record ChangePasswordRequest(string Current, string Password);

/// <summary>Signs an operator in.</summary>
public sealed record OperatorSignInRequest(string Name, string Password);

/// <summary>A token for a while.</summary>
/// <param name="Token">It.</param>
/// <param name="Name">Whose: the account's name as it was written at first.</param>
/// <param name="Role">What it allows.</param>
/// <param name="Expires">Until when.</param>
/// <param name="Pins">What the host that answers goes by over TLS; null: it speaks plain http.</param>
public sealed record OperatorSignInAnswer(string Token, string Name, OperatorRole Role, DateTimeOffset Expires, KeyPins? Pins = null);

/// <summary>Asks for a token.</summary>
/// <param name="Name">What it is called: 1 to 64 letters, digits and <c>. _ - @</c>.</param>
/// <param name="Role">What it allows, at most.</param>
/// <param name="Scopes">What of that; null: all of it.</param>
/// <param name="Expires">Until when; null: without end.</param>
/// <param name="Account">Whose: it ends with the account. Null: one's own; of an owner, nobody's.</param>
public sealed record AddTokenRequest(string Name, OperatorRole Role, IReadOnlyList<OperatorScope>? Scopes = null, DateTimeOffset? Expires = null, string? Account = null);

/// <summary>A token, told once: nobody can read it again.</summary>
/// <param name="Token">It.</param>
/// <param name="Summary">What it is.</param>
public sealed record AddedToken(string Token, TokenSummary Summary);

/// <summary>An operator's token without itself.</summary>
/// <param name="Id">What it is named by: the first 16 hexadecimal digits of its SHA-256.</param>
/// <param name="Name">What it is called; of one that a sign-in gave, the account's name.</param>
/// <param name="Role">What it allows.</param>
/// <param name="Created">Since when.</param>
/// <param name="Expires">Until when; null: without end.</param>
/// <param name="Revoked">Since when it is worth nothing before that; null: it was not revoked.</param>
/// <param name="Scopes">What of its role it allows; null: all of it.</param>
/// <param name="Account">The account that it ends with; null: none.</param>
/// <param name="MadeBy">Who made it; null: the first start of a control host.</param>
/// <param name="SignIn">Whether a sign-in gave it.</param>
public sealed record TokenSummary(
    string Id,
    string Name,
    OperatorRole Role,
    DateTimeOffset Created,
    DateTimeOffset? Expires = null,
    DateTimeOffset? Revoked = null,
    IReadOnlyList<OperatorScope>? Scopes = null,
    string? Account = null,
    string? MadeBy = null,
    bool SignIn = false);
