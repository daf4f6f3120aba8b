using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Licences;

/// <summary>
/// The rules by which a play is kept free for whoever is asked whether it is paid for: so of two who want the last one, one is refused before anything is paid. What is held is not charged: it is taken when the play is counted, else given back, and when neither comes,
/// because a host ended in between, it comes back by itself; until then, and after it as long as something is left, the same play goes on with it.
/// </summary>
public static class LicenceHolds
{
    /// <summary>How long a play is held: longer than billing may take with all its attempts, and a gateway after it.</summary>
    public static TimeSpan HeldFor { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Holds a play, or holds it on; one that was counted needs nothing.</summary>
    /// <param name="state">Null when nothing was played or granted yet.</param>
    /// <param name="user">Whose.</param>
    /// <param name="content">Of what.</param>
    /// <param name="bought">What the user's account allows for each content; null: nothing but what was granted.</param>
    /// <param name="session">In which session.</param>
    /// <param name="play">The play's id there, or that of the download.</param>
    /// <param name="isStream">Whether it is one of the streams at the same time; one that is taken along is not.</param>
    /// <param name="now">Now.</param>
    public static Change<LicenceState> Hold(LicenceState? state, string user, ContentId content, LicenceTerms? bought, SessionId session, Guid play, bool isStream, DateTimeOffset now)
    {
        if (state is not null && IsCounted(state, session, play, isStream)) return Change<LicenceState>.None;
        var others = Without(state ?? LicenceGrain.New(user, content, bought), session, play, now);
        if (WhyNot(others, session, play, isStream, now) is { } refusal) return refusal;
        var held = new HeldPlay(session, play, Allowance.Next(others, isStream, now)!.Grant, isStream, now + HeldFor);
        return others with { Held = [.. others.Held ?? [], held] };
    }

    /// <summary>Why a play that was not counted before can't be held; null when it can, or is.</summary>
    public static Refusal? WhyNot(LicenceState state, SessionId session, Guid play, bool isStream, DateTimeOffset now) => LicenceGrain.WhyNoFurther(Without(state, session, play, now), isStream, now);

    /// <summary>Gives a play back that does not begin.</summary>
    public static Change<LicenceState> Release(LicenceState? state, SessionId session, Guid play, DateTimeOffset now) =>
        state?.Held is { } held && held.Any(one => one.IsOf(session, play)) ? Without(state, session, play, now) : Change<LicenceState>.None;

    /// <summary>Whether a play was counted, or what is taken along was, so that its request is a repeated one. The client chooses both ids: one says nothing of the other.</summary>
    public static bool IsCounted(LicenceState state, SessionId session, Guid play, bool isStream) =>
        isStream ? LicenceGrain.IsCounted(state, session, play) : LicenceReservations.Find(state, new DownloadId(play)) is not null;

    /// <summary>What is held of an allowance.</summary>
    internal static IEnumerable<HeldPlay> Of(LicenceState state, int? grant, DateTimeOffset now) => Alive(state, now).Where(one => one.Grant == grant);

    /// <summary>All that is held.</summary>
    internal static IEnumerable<HeldPlay> Alive(LicenceState state, DateTimeOffset now) => (state.Held ?? []).Where(one => now < one.Until);

    /// <summary>The licence without what is held for one play, which is about to take it; what was held too long goes with it.</summary>
    internal static LicenceState Without(LicenceState state, SessionId? session, Guid play, DateTimeOffset now) =>
        state.Held is null ? state : state with { Held = Alive(state, now).Where(one => !one.IsOf(session, play)).ToList() is { Count: > 0 } rest ? rest : null };
}

/// <summary>A play that is kept free.</summary>
/// <param name="Session">In which session.</param>
/// <param name="Play">Its id there.</param>
/// <param name="Grant">The number of the grant of which it is; null: the account.</param>
/// <param name="IsStream">Whether it needs a place among the streams at the same time.</param>
/// <param name="Until">Free for others from then on.</param>
public sealed record HeldPlay(SessionId Session, Guid Play, int? Grant, bool IsStream, DateTimeOffset Until)
{
    /// <summary>Whether it is for that play; null: of whatever session.</summary>
    internal bool IsOf(SessionId? session, Guid play) => Play == play && (session is null || Session == session);
}
