using System.Text.Json.Serialization.Metadata;
using Scdn.Format;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

namespace Scdn.Grains.Licences;

/// <summary>What one user may still do with one content.</summary>
/// <param name="User">Whose.</param>
/// <param name="Content">Of what.</param>
/// <param name="PlaysLeft">Plays left; null: not limited.</param>
/// <param name="Until">Not to be played from then on; null: without end.</param>
/// <param name="Counted">Plays that were counted not so long ago that their request could still be repeated.</param>
public sealed record LicenceState(
    string User, ContentId Content, int? PlaysLeft, DateTimeOffset? Until, IReadOnlyList<CountedPlay> Counted)
    : IGrainState<LicenceState>
{
    /// <inheritdoc/>
    public static string Kind => "licence";

    /// <inheritdoc/>
    public static JsonTypeInfo<LicenceState> Json => GrainJson.Default.LicenceState;

    /// <summary>The grain's id.</summary>
    public static string IdOf(string user, ContentId content) => $"{UserState.IdOf(user)}/{content}";
}

/// <summary>A play that was counted.</summary>
/// <param name="Session">In which session.</param>
/// <param name="Play">Its id there.</param>
/// <param name="At">When.</param>
public sealed record CountedPlay(SessionId Session, Guid Play, DateTimeOffset At);
