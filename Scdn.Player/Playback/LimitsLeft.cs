using Scdn.Client.Licences;

namespace Scdn.Player.Playback;

/// <summary>What a licence allows after a play.</summary>
/// <param name="PlaysLeft">Plays that can be begun; null: any number.</param>
/// <param name="Until">Until when; null: without end, or no plays are left.</param>
/// <param name="Ends">When the play had to stop at the latest; null: nothing ended it.</param>
/// <param name="SeeksLeft">Seeks that are left; null: any number.</param>
public sealed record LimitsLeft(int? PlaysLeft, DateTimeOffset? Until, DateTimeOffset? Ends, int? SeeksLeft)
{
    /// <summary>Of what a play was begun with; null: there are no limits.</summary>
    public static LimitsLeft? Of(PlayLimits? limits) => limits is null ? null : new(limits.PlaysLeft, limits.Until, limits.Ends, limits.SeeksLeft);
}
