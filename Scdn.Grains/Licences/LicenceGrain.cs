using Scdn.Format;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Licences;

/// <summary>The rules of a licence: a play is counted when it starts, once, however often it is asked for.</summary>
public static class LicenceGrain
{
    /// <summary>
    /// How many plays one user may begin of one content within <see cref="SessionGrain.MaxLifetime"/>: 100. Each of them is remembered for as long, under an id that
    /// the client chooses, so that without a limit a client could make the licence grow for ever; no viewer comes near it.
    /// </summary>
    public const int MaxPlaysRemembered = 100;

    /// <summary>
    /// Counts a play. The same play of the same session again is granted and changes nothing, also when it was the last: for as long as any session can
    /// last it is remembered, and when no more can be remembered, a further play is refused.
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
        if (IsCounted(state, session, play)) return Change<LicenceState>.None;
        if (WhyNoFurther(state, now) is { } refusal) return refusal;
        return state with { PlaysLeft = state.PlaysLeft - 1, Counted = [.. Repeatable(state, now), new CountedPlay(session, play, now)] };
    }

    /// <summary>Whether a play was counted, so that its request is a repeated one.</summary>
    public static bool IsCounted(LicenceState state, SessionId session, Guid play) =>
        state.Counted.Any(counted => counted.Session == session && counted.Play == play);

    /// <summary>Why a play that was not counted before can't be; null when it can, as long as the licence lasts.</summary>
    public static Refusal? WhyNoFurther(LicenceState state, DateTimeOffset now)
    {
        if (state.PlaysLeft <= 0) return Refusal.Denied($"No plays are left of content {state.Content}; buy it again to play on.");
        if (Repeatable(state, now).Count() < MaxPlaysRemembered) return null;
        return Refusal.Denied(
            $"Content {state.Content} was begun {MaxPlaysRemembered} times within {SessionGrain.MaxLifetime.TotalHours:0} hours, which is the most for one user: go on with a play that was begun, or try again later.");
    }

    private static IEnumerable<CountedPlay> Repeatable(LicenceState state, DateTimeOffset now) =>
        state.Counted.Where(counted => now - counted.At < SessionGrain.MaxLifetime);
}

/// <summary>What was bought.</summary>
/// <param name="Plays">How often each content may be played; null: without limit.</param>
/// <param name="Until">Until when; null: without end.</param>
public sealed record LicenceTerms(int? Plays, DateTimeOffset? Until);
