namespace Scdn.Grains.Licences;

/// <summary>One reason for which a user may play a content: what the account allows, or something that was granted.</summary>
/// <param name="Grant">The grant's number; null: the account.</param>
/// <param name="PlaysLeft">Plays left; null: not limited.</param>
/// <param name="Until">Not to be played from then on; null: without end.</param>
/// <param name="Streams">Streams at the same time that play with it; null: it sets no limit.</param>
/// <param name="SeeksLeft">Seeks left, for all its plays together; null: not limited.</param>
public sealed record Allowance(int? Grant, int? PlaysLeft, DateTimeOffset? Until, int? Streams = null, int? SeeksLeft = null)
{
    /// <summary>All that a licence names and that was not taken back, ended or used up as it may be.</summary>
    internal static IEnumerable<Allowance> Of(LicenceState state) =>
    [
        new(null, state.PlaysLeft, state.Until),
        .. (state.Grants ?? []).Where(grant => grant.TakenBack is null).Select(grant => new Allowance(grant.Number, grant.PlaysLeft, grant.Until, grant.Streams, grant.SeeksLeft)),
    ];

    /// <summary>The same, less the plays that are held.</summary>
    internal static IEnumerable<Allowance> FreeOf(LicenceState state, DateTimeOffset now) =>
        Of(state).Select(one => one.PlaysLeft is { } left ? one with { PlaysLeft = Math.Max(0, left - LicenceHolds.Of(state, one.Grant, now).Count()) } : one);

    /// <summary>The one that the next play is taken from: the one that costs nothing and lasts longest, else the one that ends first; null when there is none.</summary>
    /// <param name="state">The licence.</param>
    /// <param name="isStream">Whether it is a stream, which needs a place.</param>
    /// <param name="now">Now.</param>
    internal static Allowance? Next(LicenceState state, bool isStream, DateTimeOffset now)
    {
        var usable = FreeOf(state, now).Where(one => one.IsUsable(now) && !(isStream && LicenceStreams.IsFull(state, one, now))).ToList();
        return usable.Where(one => one.PlaysLeft is null).MaxBy(one => one.Until ?? DateTimeOffset.MaxValue) ?? usable.MinBy(one => one.Until ?? DateTimeOffset.MaxValue);
    }

    /// <summary>Whether its time is not over, although its plays may be.</summary>
    internal bool Lasts(DateTimeOffset now) => !(now >= Until);

    /// <summary>Whether a play can be begun with it.</summary>
    internal bool IsUsable(DateTimeOffset now) => PlaysLeft is null or > 0 && Lasts(now);
}
