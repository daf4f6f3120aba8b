using System.Text.Json.Serialization;

namespace Scdn.Grains.Licences;

/// <summary>What a user was granted of a content, on top of what the account allows for each: by an operator, or with a purchase at a contents site.</summary>
/// <param name="Number">Its number within the licence, never given twice: plays and authentication keys name it.</param>
/// <param name="Purchase">What it is known by outside, such as an order's number; empty: an operator's own, of which there is one at a time.</param>
/// <param name="Plays">How many plays it is good for in all; null: without limit.</param>
/// <param name="Until">Not to be played from then on; null: without end.</param>
/// <param name="Streams">Streams at the same time that play with it; null: as many as the account may, which is a limit besides.</param>
/// <param name="Granted">Since when.</param>
/// <param name="Played">Plays that were begun with it.</param>
/// <param name="TakenBack">Since when it is worth nothing; null: it was not taken back.</param>
/// <param name="Seeks">How many seeks it is good for in all its plays together; null: without limit.</param>
/// <param name="Sought">Seeks that were used, or taken along.</param>
public sealed record ContentGrant(
    int Number, string Purchase, int? Plays, DateTimeOffset? Until, int? Streams, DateTimeOffset Granted, int Played = 0, DateTimeOffset? TakenBack = null, int? Seeks = null, int Sought = 0)
{
    /// <summary>Seeks left; null: not limited.</summary>
    [JsonIgnore]
    public int? SeeksLeft => Seeks is { } seeks ? Math.Max(0, seeks - Sought) : null;

    /// <summary>Plays left; null: not limited.</summary>
    [JsonIgnore]
    public int? PlaysLeft => Plays is { } plays ? Math.Max(0, plays - Played) : null;
}

/// <summary>What is granted.</summary>
/// <param name="Plays">How many plays in all; null: without limit.</param>
/// <param name="Until">Until when; null: without end.</param>
/// <param name="Streams">Streams at the same time that play with it; null: as many as the account may, which is a limit besides.</param>
/// <param name="Seeks">How many seeks in all plays together; null: without limit.</param>
public sealed record GrantTerms(int? Plays, DateTimeOffset? Until, int? Streams, int? Seeks = null);
