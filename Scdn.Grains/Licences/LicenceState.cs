using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

namespace Scdn.Grains.Licences;

/// <summary>What one user may still do with one content.</summary>
/// <param name="User">Whose.</param>
/// <param name="Content">Of what.</param>
/// <param name="PlaysLeft">Plays left of what the account allows; null: not limited.</param>
/// <param name="Until">Not to be played by the account from then on; null: without end.</param>
/// <param name="Counted">Plays that were counted not so long ago that their request could still be repeated.</param>
/// <param name="Grants">What was granted on top of that, by rising numbers; null: nothing.</param>
/// <param name="Reserved">Plays that devices took along, and that are charged already; null: none.</param>
/// <param name="Held">Plays that are kept free while billing is asked; null: none.</param>
public sealed record LicenceState(
    string User, ContentId Content, int? PlaysLeft, DateTimeOffset? Until, IReadOnlyList<CountedPlay> Counted, IReadOnlyList<ContentGrant>? Grants = null, IReadOnlyList<ReservedPlays>? Reserved = null,
    IReadOnlyList<HeldPlay>? Held = null)
    : IGrainState<LicenceState>
{
    /// <inheritdoc/>
    public static string Kind => "licence";

    /// <inheritdoc/>
    public static JsonTypeInfo<LicenceState> Json => GrainJson.Default.LicenceState;

    /// <summary>The grain's id.</summary>
    public static string IdOf(string user, ContentId content) => $"{PrefixOf(user)}{content}";

    /// <summary>What the ids of all licences of a user begin with.</summary>
    public static string PrefixOf(string user) => $"{UserState.IdOf(user)}/";
}

/// <summary>A play that was counted.</summary>
/// <param name="Session">In which session.</param>
/// <param name="Play">Its id there.</param>
/// <param name="At">When.</param>
/// <param name="Grant">The number of the grant that it was taken from; null: the account.</param>
/// <param name="Version">The version of the content that it began with; 0: it was counted before versions were noted, and may be any.</param>
/// <param name="Kept">When its client was last heard, where the grant has only so many streams at the same time; null: it holds no place among them.</param>
/// <param name="Sought">Seeks in it, where the grant has only so many.</param>
public sealed record CountedPlay(SessionId Session, Guid Play, DateTimeOffset At, int? Grant = null, int Version = 0, DateTimeOffset? Kept = null, int Sought = 0);
