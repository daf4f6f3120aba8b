using System.Text.Json.Serialization;

namespace Scdn.Format.Wire;

/// <summary>Which contents an account may play.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ContentAccess>))]
public enum ContentAccess
{
    /// <summary>All that is published.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>Only what was granted.</summary>
    [JsonStringEnumMemberName("granted")]
    Granted,
}

/// <summary>
/// Grants a content to a user, or changes what was granted. It says what the purchase is good for in all, so that the same request again changes nothing, however many plays were begun meanwhile.
/// </summary>
/// <param name="Plays">How many plays in all; null: without limit.</param>
/// <param name="Until">The completion time, from which on it can't be played; null: without end.</param>
/// <param name="Streams">Streams at the same time that play with it; null: as many as the account may, which is a limit besides.</param>
/// <param name="Purchase">What it is known by, such as an order's number: another one is granted on top; null: the operator's own, of which there is one at a time.</param>
/// <param name="Seeks">How many seeks in all its plays together; 0: none. Null: without limit.</param>
public sealed record EntitlementRequest(
    int? Plays = null, DateTimeOffset? Until = null, int? Streams = null, string? Purchase = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Seeks = null);

/// <summary>What one user was granted of one content, and what is left of it.</summary>
/// <param name="User">The user.</param>
/// <param name="Content">The content.</param>
/// <param name="Playable">Whether a play can be begun.</param>
/// <param name="PlaysLeft">Plays left in all, of the account's own as well; null: without limit.</param>
/// <param name="Until">Until when the last of them can be begun; null: without end.</param>
/// <param name="Grants">Everything that was granted, the oldest first.</param>
public sealed record EntitlementSummary(string User, ContentId Content, bool Playable, int? PlaysLeft, DateTimeOffset? Until, IReadOnlyList<GrantSummary> Grants);

/// <summary>One grant.</summary>
/// <param name="Purchase">What it is known by; null: the operator's own.</param>
/// <param name="Granted">Since when.</param>
/// <param name="Plays">How many plays in all; null: without limit.</param>
/// <param name="Played">How many of them were begun.</param>
/// <param name="Until">The completion time; null: without end.</param>
/// <param name="Streams">Streams at the same time that play with it; null: as many as the account may, which is a limit besides.</param>
/// <param name="TakenBack">Since when it is worth nothing; null: it was not taken back.</param>
/// <param name="Seeks">How many seeks in all; null: without limit.</param>
/// <param name="Sought">How many of them were used.</param>
public sealed record GrantSummary(
    string? Purchase, DateTimeOffset Granted, int? Plays, int Played, DateTimeOffset? Until, int? Streams, DateTimeOffset? TakenBack, int? Seeks = null, int Sought = 0);
