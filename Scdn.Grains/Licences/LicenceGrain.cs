using Scdn.Format;
using Scdn.Grains.Sessions;
using Scdn.Grains.Storage;
using Scdn.Grains.Users;

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
    /// Counts a play, by the account or by the grant that is to be used up first. The same play of the same session again is granted and changes nothing, also when it was the last, unless what it was begun with has ended: for as long as any
    /// session can last it is remembered, and when no more can be remembered, a further play is refused. What was granted for only so many streams at the same time gives the play a place among them, too.
    /// </summary>
    /// <param name="state">Null when nothing was played or granted yet: then the terms are what the account allows.</param>
    /// <param name="user">Whose.</param>
    /// <param name="content">Of what.</param>
    /// <param name="bought">What the user's account allows for each content; null: nothing but what was granted.</param>
    /// <param name="session">In which session.</param>
    /// <param name="play">The play's id there.</param>
    /// <param name="version">Which version of the content is played.</param>
    /// <param name="now">Now.</param>
    public static Change<LicenceState> CountPlay(
        LicenceState? state, string user, ContentId content, LicenceTerms? bought, SessionId session, Guid play, int version, DateTimeOffset now)
    {
        state ??= New(user, content, bought);
        if (Find(state, session, play) is not null) return LicenceStreams.Keep(state, session, play, now);
        // What was held for it is what it takes.
        state = LicenceHolds.Without(state, session, play, now);
        if (WhyNoFurther(state, isStream: true, now) is { } refusal) return refusal;
        var next = Allowance.Next(state, isStream: true, now)!;
        var used = next.Grant;
        IReadOnlyList<CountedPlay> plays = [.. LicenceStreams.MakeRoom([.. Repeatable(state, now)], next, now), new CountedPlay(session, play, now, used, version, next.Streams is null ? null : now)];
        return used is null
            ? state with { PlaysLeft = state.PlaysLeft - 1, Counted = plays }
            : state with { Grants = [.. state.Grants!.Select(grant => grant.Number == used ? grant with { Played = grant.Played + 1 } : grant)], Counted = plays };
    }

    /// <summary>
    /// Whether it was over before an instant, and would be no fresh one if it were asked for again: its account is disabled, for good; or it is by the account alone, whose time is over, so that another one would have ended, too. What was granted
    /// stays for as long as the account can be granted anything: a purchase that was used up or taken back must be known when it is told again.
    /// </summary>
    public static bool IsOver(LicenceState state, UserState account, DateTimeOffset before) =>
        account.Disabled < before || (state is { Grants: null or [] } && state.Until < before && account.Until < before);

    /// <summary>A licence of which nothing was played yet.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="content">Of what.</param>
    /// <param name="bought">What the account allows for each content; null: nothing but what was granted.</param>
    public static LicenceState New(string user, ContentId content, LicenceTerms? bought) => new(user, content, bought is null ? 0 : bought.Plays, bought?.Until, []);

    /// <summary>Whether a play was counted, so that its request is a repeated one.</summary>
    public static bool IsCounted(LicenceState state, SessionId session, Guid play) => Find(state, session, play) is not null;

    /// <summary>What a play that was counted was begun with, as it is now.</summary>
    public static Allowance AllowanceOf(LicenceState state, SessionId session, Guid play)
    {
        var grant = Find(state, session, play)?.Grant;
        return Allowance.Of(state).First(one => one.Grant == grant);
    }

    /// <summary>What is left to be begun; null when nothing is.</summary>
    public static Remainder? Left(LicenceState state, DateTimeOffset now)
    {
        var usable = Allowance.FreeOf(state, now).Where(one => one.IsUsable(now)).ToList();
        return usable.Count == 0 ? null : new Remainder(usable.Any(one => one.PlaysLeft is null) ? null : usable.Sum(one => one.PlaysLeft), Latest(usable));
    }

    /// <summary>What lasts longest of all that has not ended, although its plays may be used up; null when all has.</summary>
    public static Allowance? Longest(LicenceState state, bool byAccount, DateTimeOffset now) =>
        Allowance.Of(state).Where(one => one.Lasts(now) && (byAccount || one.Grant is not null)).MaxBy(one => one.Until ?? DateTimeOffset.MaxValue);

    /// <summary>
    /// Why a play can't go on with a version of the content that need not be the newest any more; null when it can. It must have been counted for that version, or for one before it: a
    /// repeated request is answered with what is newest then.
    /// </summary>
    public static Refusal? WhyNotVersion(LicenceState? state, ContentId content, SessionId session, Guid play, int version) =>
        state is not null && Find(state, session, play)?.Version <= version
            ? null
            : Refusal.Denied($"This play was not begun with version {version} of content {content}: only who plays a version can go on with it; ask without a version.");

    /// <summary>Why a play that was not counted before can't be; null when it can.</summary>
    /// <param name="state">The licence.</param>
    /// <param name="isStream">Whether it would be one of the streams at the same time; one that is taken along is not.</param>
    /// <param name="now">Now.</param>
    public static Refusal? WhyNoFurther(LicenceState state, bool isStream, DateTimeOffset now)
    {
        if (Allowance.Next(state, isStream, now) is null) return Allowance.Next(state, isStream: false, now) is { } full ? LicenceStreams.Full(full) : WhyNothing(state, now);
        if (Repeatable(state, now).Count() + LicenceHolds.Alive(state, now).Count() < MaxPlaysRemembered) return null;
        return Refusal.Denied(
            $"Content {state.Content} was begun {MaxPlaysRemembered} times within {SessionGrain.MaxLifetime.TotalHours:0} hours, which is the most for one user: go on with a play that was begun, or try again later.");
    }

    private static Refusal WhyNothing(LicenceState state, DateTimeOffset now)
    {
        var grants = state.Grants ?? [];
        // What the account allows is spoken of only where there is nothing else: of an account that plays only what was granted it says nothing.
        var meant = grants.Count == 0 ? Allowance.Of(state).ToList() : [.. Allowance.Of(state).Where(one => one.Grant is not null)];
        if (meant.Count == 0) return Refusal.Denied($"Content {state.Content} was granted, and taken back; buy it again to play on.");
        if (meant.Exists(one => one.Lasts(now)))
        {
            return Refusal.Denied(grants.Count == 0 && state is { PlaysLeft: 0, Counted: [], Reserved: null }
                ? $"Content {state.Content} was not granted to '{state.User}'; buy it to play it."
                : $"No plays are left of content {state.Content}; buy it again to play on.");
        }

        return Ended(state.Content, Latest(meant)!.Value);
    }

    /// <summary>Why a play can't go on that was counted; null when it can.</summary>
    internal static Refusal? WhyEnded(LicenceState state, CountedPlay counted, DateTimeOffset now) => Allowance.Of(state).FirstOrDefault(one => one.Grant == counted.Grant) switch
    {
        null => Refusal.Denied($"Content {state.Content} was granted, and taken back; buy it again to play on."),
        var begunWith when begunWith.Lasts(now) => null,
        var ended => Ended(state.Content, ended.Until!.Value),
    };

    private static Refusal Ended(ContentId content, DateTimeOffset until) => Refusal.Denied($"The licence of content {content} ended on {until:u}; buy it again to play on.");

    /// <summary>The latest end; null: one has none.</summary>
    private static DateTimeOffset? Latest(List<Allowance> allowances) => allowances.Exists(one => one.Until is null) ? null : allowances.Max(one => one.Until);

    /// <summary>A play that was counted; null when it was not.</summary>
    internal static CountedPlay? Find(LicenceState state, SessionId session, Guid play) => state.Counted.FirstOrDefault(counted => counted.Session == session && counted.Play == play);

    private static IEnumerable<CountedPlay> Repeatable(LicenceState state, DateTimeOffset now) =>
        state.Counted.Where(counted => now - counted.At < SessionGrain.MaxLifetime);
}

/// <summary>What was bought.</summary>
/// <param name="Plays">How often each content may be played; null: without limit.</param>
/// <param name="Until">Until when; null: without end.</param>
public sealed record LicenceTerms(int? Plays, DateTimeOffset? Until);

/// <summary>What is left of a licence.</summary>
/// <param name="Plays">Plays that can be begun; null: without limit.</param>
/// <param name="Until">Until when the last of them; null: without end.</param>
public sealed record Remainder(int? Plays, DateTimeOffset? Until);
