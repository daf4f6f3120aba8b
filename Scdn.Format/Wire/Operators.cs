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

/// <summary>Asks for an operator's token.</summary>
/// <param name="Name">Whose: 1 to 64 letters, digits and <c>. _ - @</c>.</param>
/// <param name="Role">What it allows.</param>
/// <param name="Expires">Until when; null: without end.</param>
public sealed record AddOperatorRequest(string Name, OperatorRole Role, DateTimeOffset? Expires = null);

/// <summary>A token, told once: nobody can read it again.</summary>
/// <param name="Token">It.</param>
/// <param name="Operator">What it is.</param>
public sealed record AddedOperator(string Token, OperatorSummary Operator);

/// <summary>An operator's token without itself.</summary>
/// <param name="Id">What it is named by: the first 16 hexadecimal digits of its SHA-256.</param>
/// <param name="Name">Whose.</param>
/// <param name="Role">What it allows.</param>
/// <param name="Created">Since when.</param>
/// <param name="Expires">Until when; null: without end.</param>
/// <param name="Revoked">Since when it is worth nothing before that; null: it was not revoked.</param>
public sealed record OperatorSummary(string Id, string Name, OperatorRole Role, DateTimeOffset Created, DateTimeOffset? Expires = null, DateTimeOffset? Revoked = null);
