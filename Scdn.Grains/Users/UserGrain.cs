using Scdn.Format.Wire;
using Scdn.Grains.Licences;
using Scdn.Grains.Limits;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Users;

/// <summary>The rules of a viewer's account.</summary>
public static class UserGrain
{
    /// <summary>Makes the account. A name has 1 to 64 letters, digits and <c>. _ - @</c>, and is taken whatever its capitals.</summary>
    /// <param name="state">Must not be there yet.</param>
    /// <param name="name">What the viewer signs in with.</param>
    /// <param name="passwordHash">Made by the caller; never the password; null: nobody signs in with it.</param>
    /// <param name="bought">What it allows for each content: plays from 1, an end that is not past.</param>
    /// <param name="contents">Which contents it may play; of an account that plays only what was granted, each grant has its own terms.</param>
    /// <param name="now">Now.</param>
    public static Change<UserState> Create(
        UserState? state, string name, string? passwordHash, LicenceTerms bought, ContentAccess contents, DateTimeOffset now)
    {
        var (plays, until) = (bought.Plays, bought.Until);
        if (Names.Check(name) is { } refusal) return refusal;
        if (state is not null) return Refusal.Conflict($"There is a user '{state.Name}' already; choose another name.");
        if (plays < 1) return Refusal.Invalid($"A user can be allowed 1 or more plays of each content, not {plays}.");
        if (until <= now) return Refusal.Invalid($"The account of '{name}' would have ended already; give an end that is still to come.");
        if (!Enum.IsDefined(contents)) return Refusal.Invalid("An account plays all contents, or those that were granted.");
        if (contents == ContentAccess.Granted && (plays ?? (object?)until) is not null)
            return Refusal.Invalid($"The account of '{name}' plays only what it was granted: say plays and end with each grant.");
        return new UserState(name, passwordHash, now, plays, until, GrantedOnly: contents == ContentAccess.Granted);
    }

    /// <summary>What it allows for each content; null: nothing but what was granted.</summary>
    public static LicenceTerms? Bought(UserState state) => state.GrantedOnly ? null : new LicenceTerms(state.Plays, state.Until);

    /// <summary>Whether nothing could be played by it before an instant: it was disabled, or its time was over. Something may still be granted to one that is not disabled.</summary>
    public static bool IsOver(UserState state, DateTimeOffset before) => state.Disabled < before || state.Until < before;

    /// <summary>Changes some of the limits that it has of its own.</summary>
    public static Change<UserState> Limit(UserState? state, UserLimits edit)
    {
        if (state is null) return NoSuchUser;
        if (!(state.Limits ?? OwnLimits.Empty).With(edit).IsGranted(out var limits, out var refusal)) return refusal;
        var next = limits == OwnLimits.Empty ? null : limits;
        return next == state.Limits ? Change<UserState>.None : state with { Limits = next };
    }

    /// <summary>Lets nobody sign in with it any more.</summary>
    public static Change<UserState> Disable(UserState? state, DateTimeOffset now) => state switch
    {
        null => NoSuchUser,
        { Disabled: not null } => Change<UserState>.None,
        _ => state with { Disabled = now },
    };

    private static Refusal NoSuchUser => Refusal.NotFound("There is no such user: see 'scdn user list'.");
}
