using Scdn.Format;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Licences;

/// <summary>The rules of a licence: a play is counted when it starts, once, however often it is asked for.</summary>
public static class LicenceGrain
{
    /// <summary>
    /// Counts a play. The same play of the same session again is granted and changes nothing, also when it was the last: for as long as any session can
    /// last it is remembered.
    /// </summary>
    /// <param name="state">Null at the first play: then the terms are what was bought.</param>
    /// <param name="user">Whose.</param>
    /// <param name="content">Of what.</param>
    /// <param name="bought">What the user's account allows for each content.</param>
    /// <param name="session">In which session.</param>
    /// <param name="play">The play's id there.</param>
    /// <param name="now">Now.</param>
    public static Change<LicenceState> CountPlay(
        LicenceState? state, string user, ContentId content, LicenceTerms bought, SessionId session, Guid play, DateTimeOffset now)
    {
        state ??= new LicenceState(user, content, bought.Plays, bought.Until, []);
        if (now >= state.Until) return Refusal.Denied($"The licence of content {content} ended on {state.Until:u}; buy it again to play on.");
        if (state.Counted.Any(counted => counted.Session == session && counted.Play == play)) return Change<LicenceState>.None;
        if (state.PlaysLeft <= 0) return Refusal.Denied($"No plays are left of content {content}; buy it again to play on.");
        return state with { PlaysLeft = state.PlaysLeft - 1, Counted = [.. Repeatable(state, now), new CountedPlay(session, play, now)] };
    }

    private static IEnumerable<CountedPlay> Repeatable(LicenceState state, DateTimeOffset now) =>
        state.Counted.Where(counted => now - counted.At < SessionGrain.MaxLifetime);
}

/// <summary>What was bought.</summary>
/// <param name="Plays">How often each content may be played; null: without limit.</param>
/// <param name="Until">Until when; null: without end.</param>
public sealed record LicenceTerms(int? Plays, DateTimeOffset? Until);
