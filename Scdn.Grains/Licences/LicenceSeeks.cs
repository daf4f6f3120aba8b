using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Licences;

/// <summary>The rules by which seeks are counted where something was granted for so many only. The player keeps to the limit and says what it counted; so a play that is begun again has no more of them, on whatever device.</summary>
public static class LicenceSeeks
{
    /// <summary>Takes note of all the seeks in a play; the same again, or fewer, changes nothing.</summary>
    /// <param name="state">The licence.</param>
    /// <param name="session">In which session.</param>
    /// <param name="play">The play's id there.</param>
    /// <param name="seeks">All of this play until now.</param>
    public static Change<LicenceState> Count(LicenceState? state, SessionId session, Guid play, int seeks)
    {
        if (state is null || LicenceGrain.Find(state, session, play) is not { } counted) return Refusal.NotFound("There is no such play: ask to play first.");
        if (state.Grants?.FirstOrDefault(grant => grant.Number == counted.Grant) is not { Seeks: not null } limited || seeks <= counted.Sought) return Change<LicenceState>.None;
        // Another device may have used the last ones meanwhile: it is not more than were bought.
        var used = Math.Min(limited.Seeks.Value, (int)Math.Min(int.MaxValue, (long)limited.Sought + seeks - counted.Sought));
        return state with
        {
            Counted = [.. state.Counted.Select(one => one == counted ? one with { Sought = seeks } : one)],
            Grants = [.. state.Grants.Select(grant => grant == limited ? grant with { Sought = Math.Max(grant.Sought, used) } : grant)],
        };
    }

    /// <summary>Seeks that are left to a play that was counted; null: any number.</summary>
    public static int? Left(LicenceState state, SessionId session, Guid play) => LicenceGrain.Find(state, session, play) is { Grant: { } number } ? state.Grants?.FirstOrDefault(grant => grant.Number == number)?.SeeksLeft : null;

    /// <summary>Why a player that does not count seeks can't begin a play; null when it can.</summary>
    public static Refusal? WhyNotUncounted(LicenceState state, DateTimeOffset now) => Allowance.Next(state, isStream: true, now) is { SeeksLeft: { } left }
        ? Refusal.Denied($"Content {state.Content} was bought with a limit of seeks, of which {left} are left, and other players don't count them: play it with scdn's own.")
        : null;
}
